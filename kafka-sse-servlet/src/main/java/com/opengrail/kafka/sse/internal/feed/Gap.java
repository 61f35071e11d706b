package com.opengrail.kafka.sse.internal.feed;

import java.util.Locale;
import org.apache.kafka.common.TopicPartition;

/**
 * Records that were asked for and are gone.
 *
 * @param partition where
 * @param from the offset that was asked for
 * @param to the offset at which the stream goes on
 * @param reason why
 */
record Gap(TopicPartition partition, long from, long to, Reason reason) {

    /** Why records are gone. */
    enum Reason {
        /** They were deleted, for age or size or by an operator. */
        RETENTION,
        /** The log has become shorter. */
        TRUNCATED,
        /** The topic was deleted and created anew. */
        RECREATED
    }

    /** The gap behind an offset that a partition does not have. */
    static Gap outOfRange(TopicPartition partition, long from, long to) {
        return new Gap(partition, from, to, from < to ? Reason.RETENTION : Reason.TRUNCATED);
    }

    /** A topic's name needs no escaping: it has letters, digits, dots, underscores and hyphens only. */
    String toJson() {
        return String.format(
                "{\"topic\":\"%s\",\"partition\":%d,\"from\":%d,\"to\":%d,\"reason\":\"%s\"}",
                partition.topic(),
                partition.partition(),
                from,
                to,
                reason.name().toLowerCase(Locale.ROOT));
    }
}
