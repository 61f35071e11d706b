package com.opengrail.kafka.sse.internal.client;

/** Where the events of an open stream come from. */
public enum Phase {
    /** Nowhere yet: the start position is not known. */
    OPENING,
    /** From Kafka, because the client is behind the window. */
    REPLAYING,
    /** From the window. */
    LIVE
}
