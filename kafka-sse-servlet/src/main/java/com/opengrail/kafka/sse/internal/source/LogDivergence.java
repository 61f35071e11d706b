package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds out where a stream continues when a consumer's offset is not in the log any more.
 *
 * <p>If a log was truncated while the consumer followed it, Kafka tells where the logs diverge (KIP-320). Otherwise the stream
 * continues at the partition's first record.
 *
 * <p>Threads: the consumer's owner.
 */
public final class LogDivergence {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

    private LogDivergence() {}

    /**
     * The gaps at a position that an exception is about. Kafka may tell late of an offset that the consumer has left.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException if the brokers do not answer
     */
    public static List<Gap> gaps(Consumer<?, ?> consumer, OffsetOutOfRangeException e, Position position) {
        Map<TopicPartition, OffsetAndMetadata> divergent =
                e instanceof LogTruncationException truncation ? truncation.divergentOffsets() : Map.of();
        List<Gap> gaps = new ArrayList<>();
        e.offsetOutOfRangePartitions().forEach((partition, offset) -> {
            OffsetAndMetadata at = divergent.get(partition);
            gaps.add(
                    at != null && at.offset() < offset
                            ? new Gap(partition, offset, at.offset(), Gap.Reason.TRUNCATED)
                            : Gap.outOfRange(partition, offset, beginning(consumer, partition)));
        });
        gaps.removeIf(gap -> !isAbout(gap, position));
        return gaps;
    }

    private static long beginning(Consumer<?, ?> consumer, TopicPartition partition) {
        return consumer.beginningOffsets(List.of(partition), ANSWER_WITHIN).get(partition);
    }

    private static boolean isAbout(Gap gap, Position position) {
        int index = position.layout().indexOf(gap.partition());
        return index >= 0 && position.next()[index] == gap.from();
    }
}
