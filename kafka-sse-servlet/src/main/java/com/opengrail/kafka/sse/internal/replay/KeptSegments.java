package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.window.Segment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of the segments that replaying clients keep while their containers write from them.
 *
 * <p>Threads: safe.
 */
final class KeptSegments {
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();

    KeptSegments(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Counts a segment; false if there is no room for it. */
    boolean keep(Segment segment) {
        long footprint = segment.footprint();
        if (bytes.addAndGet(footprint) <= maxBytes) {
            return true;
        }
        bytes.addAndGet(-footprint);
        return false;
    }

    long bytes() {
        return bytes.get();
    }

    void release(Segment segment) {
        bytes.addAndGet(-segment.footprint());
    }
}
