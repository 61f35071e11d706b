package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.PositionCodec;

/**
 * A position: for each partition of a layout the next offset.
 *
 * <p>Immutable by agreement: the array is not changed.
 */
record Place(Layout layout, long[] next) {

    byte[] id() {
        return PositionCodec.encode(layout, next);
    }

    /** The same place among the partitions that there are by now; those that came since start at their first record. */
    Place in(Layout newer) {
        return newer == layout ? this : new Place(newer, newer.rearrange(next, layout, new long[newer.size()]));
    }
}
