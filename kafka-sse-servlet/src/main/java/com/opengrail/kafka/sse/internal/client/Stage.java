package com.opengrail.kafka.sse.internal.client;

/** How far a stream has come. */
enum Stage {
    /** Nothing has been sent. */
    COMING,
    /** The stream has begun without a position, since the brokers have not answered. */
    OPEN,
    /** The client has its position. */
    FOLLOWING
}
