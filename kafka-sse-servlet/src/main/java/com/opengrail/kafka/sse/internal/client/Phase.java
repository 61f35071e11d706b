package com.opengrail.kafka.sse.internal.client;

/** Where the events of an open stream come from. */
public enum Phase {
    /** Nowhere yet: the brokers have not told where it starts. */
    OPENING,
    /** From Kafka, since it is behind the window. */
    REPLAYING,
    /** From the window. */
    LIVE
}
