package com.opengrail.kafka.sse.internal.match;

/** The application's predicate has failed, so the client's stream cannot continue. */
public final class PredicateFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PredicateFailure(Throwable cause) {
        super("The predicate on events has failed", cause);
    }
}
