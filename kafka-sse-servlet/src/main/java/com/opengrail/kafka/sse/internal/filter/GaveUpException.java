package com.opengrail.kafka.sse.internal.filter;

/** Comparing a name with an expression took too long. Whether the name passes is not known. */
public final class GaveUpException extends RuntimeException {
    private static final long serialVersionUID = 1;

    GaveUpException() {
        // It says nothing about where it was thrown, and it is thrown often.
        super(null, null, false, false);
    }
}
