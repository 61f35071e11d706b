package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
 * @param written the offset after the last record that was written, which may belong to an open transaction: then
 *     {@code latest} is before it for a consumer that reads what is committed
 */
public record LogOffsets(Layout layout, long[] earliest, long[] latest, long[] atInstant, long[] written) {
    /** The partition did not answer. */
    public static final long UNKNOWN = -1;

    /** Offsets of topics without open transactions. */
    public LogOffsets(Layout layout, long[] earliest, long[] latest, long[] atInstant) {
        this(layout, earliest, latest, atInstant, latest);
    }

    LogOffsets withWritten(long[] ends) {
        return new LogOffsets(layout, earliest, latest, atInstant, ends);
    }

    LogOffsets withInstant(long[] offsets) {
        return new LogOffsets(layout, earliest, latest, offsets, written);
    }

    /** The same offsets, but 0 in some partitions. */
    LogOffsets zeroAt(Set<TopicPartition> partitions) {
        return new LogOffsets(
                layout,
                zeroAt(partitions, earliest),
                zeroAt(partitions, latest),
                zeroAt(partitions, atInstant),
                zeroAt(partitions, written));
    }

    /**
     * The same offsets, with what a reader at a position knows. All that there was of a topic that is gone is before the
     * position. A partition that did not answer may have records from offset 0 on, and ends at the position: nothing is written
     * without a leader.
     *
     * @param except partitions in which the reader has not started
     */
    public LogOffsets seenFrom(Position position, Set<String> gone, Set<TopicPartition> except) {
        LogOffsets seen = new LogOffsets(layout, earliest.clone(), latest.clone(), atInstant.clone(), written.clone());
        for (int i = 0; i < layout.size(); i++) {
            TopicPartition partition = layout.partitions().get(i);
            long next = position.next()[i];
            if (gone.contains(partition.topic())) {
                seen.earliest[i] = next;
                seen.latest[i] = next;
                if (i < atInstant.length) {
                    seen.atInstant[i] = next;
                }
            } else if (!except.contains(partition)) {
                seen.earliest[i] = earliest[i] == UNKNOWN ? 0 : earliest[i];
                seen.latest[i] = latest[i] == UNKNOWN ? next : latest[i];
            }
        }
        return seen;
    }

    /**
     * The same offsets, with those of a position at the instant. A partition that was truncated since keeps its own. Where
     * the first records are gone since, it is the first one that is left.
     */
    public LogOffsets withInstant(Position position) {
        long[] offsets = atInstant.clone();
        for (int i = 0; i < offsets.length; i++) {
            long next = position.next()[i];
            boolean isTruncated = latest[i] != UNKNOWN && next > latest[i];
            offsets[i] = isTruncated ? offsets[i] : Math.max(next, earliest[i]);
        }
        return withInstant(offsets);
    }

    private long[] zeroAt(Set<TopicPartition> partitions, long[] offsets) {
        long[] zeroed = offsets.clone();
        for (int i = 0; i < zeroed.length; i++) {
            zeroed[i] = partitions.contains(layout.partitions().get(i)) ? 0 : zeroed[i];
        }
        return zeroed;
    }

    /** The same offsets, but 0 in the partitions that did not answer. */
    public LogOffsets zeroWhereUnknown() {
        return zeroAt(Set.copyOf(unknown()));
    }

    /** The partitions that told neither of their ends. */
    Set<TopicPartition> silent() {
        return IntStream.range(0, layout.size())
                .filter(i -> earliest[i] == UNKNOWN && latest[i] == UNKNOWN)
                .mapToObj(layout.partitions()::get)
                .collect(Collectors.toSet());
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
}
