package com.opengrail.kafka.sse.internal.cursor;

/**
 * Why a stream cannot start.
 *
 * @param text one line that names nothing the request did not name
 */
public record StartFailure(Reason reason, String text) {

    /** What it means for the client. */
    public enum Reason {
        /** The request can never be fulfilled. */
        BAD_REQUEST,
        UNKNOWN_TOPIC
    }
}
