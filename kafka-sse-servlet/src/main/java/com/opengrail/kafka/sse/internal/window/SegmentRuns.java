package com.opengrail.kafka.sse.internal.window;

import com.opengrail.kafka.sse.internal.gzip.CompressedRun;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The frames of a segment as far as they have been compressed: one run for each group of clients.
 *
 * <p>Threads: safe. Runs that are there are found without the lock. Under it, {@link #drop} takes the lock of one group after
 * the other.
 */
final class SegmentRuns {
    private final Map<Object, CompressedRun> runs = new ConcurrentHashMap<>();

    /** Guarded by this. */
    private boolean isClosed;

    /**
     * The run of a group, made if it is not there.
     *
     * @param key of the group
     * @return {@code null} if the segment's owner has let go of it, or there is no memory for more
     */
    CompressedRun of(Object key, Supplier<CompressedRun> maker) {
        CompressedRun there = runs.get(key);
        return there != null ? there : make(key, maker);
    }

    private synchronized CompressedRun make(Object key, Supplier<CompressedRun> maker) {
        return isClosed ? null : runs.computeIfAbsent(key, any -> maker.get());
    }

    /** Lets go of the runs. Clients that come here make new ones. */
    void drop() {
        if (!runs.isEmpty()) {
            dropAll();
        }
    }

    private synchronized void dropAll() {
        runs.values().forEach(CompressedRun::drop);
        runs.clear();
    }

    /** Lets go of the runs for good. */
    synchronized void close() {
        isClosed = true;
        dropAll();
    }
}
