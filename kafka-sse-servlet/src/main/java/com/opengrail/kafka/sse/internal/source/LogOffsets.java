package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * What the brokers say of the offsets of a layout's partitions. An offset is {@link #UNKNOWN} where a partition did not
 * answer in time, because it has no leader for instance.
 *
 * <p>Immutable by agreement: nobody changes the arrays.
 *
 * @param earliest the offset of each partition's first record
 * @param latest the offset that the next record gets at the earliest
 * @param atInstant the offset of the first record that is not older than the instant asked for, or {@code latest} if there
 *     is none; empty if no instant was asked for
 */
public record LogOffsets(Layout layout, long[] earliest, long[] latest, long[] atInstant) {
    /** The partition did not answer. */
    public static final long UNKNOWN = -1;

    /** True if all partitions answered. */
    public boolean isComplete() {
        return isComplete(earliest) && isComplete(latest) && isComplete(atInstant);
    }

    /** The partitions that did not answer all that they were asked. */
    public List<TopicPartition> unknown() {
        return IntStream.range(0, layout.size())
                .filter(i -> earliest[i] == UNKNOWN
                        || latest[i] == UNKNOWN
                        || atInstant.length > i && atInstant[i] == UNKNOWN)
                .mapToObj(layout.partitions()::get)
                .toList();
    }

    private static boolean isComplete(long[] offsets) {
        return Arrays.stream(offsets).noneMatch(offset -> offset == UNKNOWN);
    }
}
