package com.opengrail.kafka.sse.internal.feed;

/** The application's code that says which events a client wants has failed: the client's stream cannot go on. */
public final class WantedFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WantedFailure(Throwable cause) {
        super("The predicate on events has failed", cause);
    }
}
