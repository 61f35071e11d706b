package com.opengrail.kafka.sse.internal.position;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * The next offset of each partition of a layout. Positions of two layouts are never equal.
 *
 * <p>Immutable: by agreement, nobody changes the array.
 */
public record Position(Layout layout, long[] next) {

    public byte[] id() {
        return PositionCodec.encode(layout, next);
    }

    /** A copy whose array belongs to the caller. */
    public Position copy() {
        return new Position(layout, next.clone());
    }

    /** This position in a newer layout. Partitions that were added start at offset 0. */
    public Position in(Layout newer) {
        return newer == layout ? this : new Position(newer, newer.rearrange(next, layout, new long[newer.size()]));
    }

    /** This position, but offset 0 in some partitions. */
    public Position zeroAt(Set<TopicPartition> partitions) {
        long[] zeroed = next.clone();
        for (TopicPartition partition : partitions) {
            int i = layout.indexOf(partition);
            if (i >= 0) {
                zeroed[i] = 0;
            }
        }
        return new Position(layout, zeroed);
    }

    /** The position after gaps in partitions of this one. */
    public Position after(List<Gap> gaps) {
        long[] after = next.clone();
        for (Gap gap : gaps) {
            after[layout.indexOf(gap.partition())] = gap.to();
        }
        return new Position(layout, after);
    }

    /** True if no offset is past that of another position of the same layout. */
    public boolean isAtOrBefore(Position other) {
        return layout == other.layout && isAtOrBefore(next, other.next);
    }

    /** True if no offset is past the offset of the same partition in another position. */
    public static boolean isAtOrBefore(long[] offsets, long[] others) {
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] > others[i]) {
                return false;
            }
        }
        return true;
    }

    /** Sum of all offsets. An earlier position never has a larger sum. */
    public long sumOfOffsets() {
        return Arrays.stream(next).sum();
    }

    /** The larger of two offsets for each partition. The other position has the same layout. */
    public Position orLater(Position other) {
        long[] later = next.clone();
        for (int i = 0; i < later.length; i++) {
            later[i] = Math.max(later[i], other.next[i]);
        }
        return new Position(layout, later);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Position that && layout == that.layout && Arrays.equals(next, that.next);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(next);
    }

    @Override
    public String toString() {
        return layout + Arrays.toString(next);
    }
}
