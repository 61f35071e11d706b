package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

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

    /** The partitions that are not asked. */
    List<TopicPartition> undescribedPartitions() {
        return layout.partitions().stream()
                .filter(partition -> undescribed.contains(partition.topic()))
                .toList();
    }
}
