package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;

/**
 * A question to the brokers about the offsets of partitions. Questions of equal parts are the same question.
 *
 * @param layout the partitions
 * @param instant milliseconds since the epoch, or {@link #NO_INSTANT} to ask for the first and the last offset alone
 */
public record OffsetQuestion(Layout layout, long instant) {
    /** Asks for no offset by time. */
    public static final long NO_INSTANT = -1;

    /** Asks for the first and the last offset of each partition. */
    public OffsetQuestion(Layout layout) {
        this(layout, NO_INSTANT);
    }
}
