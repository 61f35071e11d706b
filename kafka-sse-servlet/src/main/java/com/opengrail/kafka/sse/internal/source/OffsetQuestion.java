package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.util.Set;

/**
 * A question to the brokers about the offsets of partitions. Questions of equal parts are the same question.
 *
 * @param layout the partitions
 * @param undescribed the topics of the layout that the brokers do not describe for now: their partitions are not asked and do
 *     not answer
 * @param instant milliseconds since the epoch, or {@link #NO_INSTANT} to ask for the first and the last offset alone
 */
public record OffsetQuestion(Layout layout, Set<String> undescribed, long instant) {
    /** Asks for no offset by time. */
    public static final long NO_INSTANT = -1;

    /** A little more than an answer may take. */
    private static final long ANSWER_SECONDS = 22;

    /** The question for the first and the last offset alone. */
    public static OffsetQuestion ofEnds(Layout layout, Set<String> undescribed) {
        return new OffsetQuestion(layout, undescribed, NO_INSTANT);
    }

    /**
     * Asks, and waits for the answer, some seconds at most.
     *
     * @throws org.apache.kafka.common.KafkaException if no partition answers
     */
    public LogOffsets ask(KafkaSource source) {
        return KafkaSource.await(source.offsets(this), ANSWER_SECONDS, "No answer about the offsets of " + layout);
    }
}
