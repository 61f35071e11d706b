package com.opengrail.kafka.sse.internal.feed;

/** Why a stream cannot start. */
public record Refusal(Reason reason, String text) {

    /** What a refusal means for the client. */
    public enum Reason {
        /** What it asked for cannot be given, whenever it asks. */
        BAD_REQUEST,
        /** The brokers know no such topic. */
        UNKNOWN_TOPIC,
        /** Kafka refuses us. */
        NOT_AUTHORIZED
    }
}
