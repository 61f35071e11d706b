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

    @Override
    public boolean equals(Object other) {
        return other instanceof Place that && layout == that.layout && Arrays.equals(next, that.next);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(next);
    }
}
