package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import java.util.Arrays;

/**
 * A position: for each partition of a layout the next offset. Places of layouts that are not the same object differ.
 *
 * <p>Immutable by agreement: the array is not changed.
 */
public record Place(Layout layout, long[] next) {

    /** The event id that stands for it. */
    byte[] id() {
        return PositionCodec.encode(layout, next);
    }

    /** The same place among the partitions that there are by now; those that came since start at their first record. */
    Place in(Layout newer) {
        return newer == layout ? this : new Place(newer, newer.rearrange(next, layout, new long[newer.size()]));
    }

    /** Whether nothing before it is after another place of the same layout. */
    boolean isAtOrBefore(Place other) {
        boolean is = layout == other.layout;
        for (int i = 0; is && i < next.length; i++) {
            is = next[i] <= other.next[i];
        }
        return is;
    }

    /** The number of offsets before it: of two places one of which is at or before the other, that one has fewer. */
    public long offsets() {
        long sum = 0;
        for (long each : next) {
            sum += each;
        }
        return sum;
    }

    /** The place after all that is before this place or another one of the same layout. */
    Place orLater(Place other) {
        long[] later = next.clone();
        for (int i = 0; i < later.length; i++) {
            later[i] = Math.max(later[i], other.next[i]);
        }
        return new Place(layout, later);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Place that && layout == that.layout && Arrays.equals(next, that.next);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(next);
    }
}
