package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.cursor.Cursor;

/** Where the events of an open stream come from. */
public enum Phase {
    /** Nowhere yet: the start position is not known. */
    OPENING,
    /** From Kafka, because the client is behind the window. */
    REPLAYING,
    /** From the window. */
    LIVE;

    /** The phase of a stream with this cursor, which is {@code null} before the stream has one. */
    static Phase of(Cursor cursor) {
        if (cursor == null) {
            return OPENING;
        }
        return cursor.isLive() ? LIVE : REPLAYING;
    }
}
