package com.opengrail.kafka.sse.internal.gzip;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the memory that the pieces of several runs occupy together, and limits it.
 *
 * <p>Threads: safe.
 *
 * <p>Limits: when it is full, groups make no more pieces, and clients take stored blocks. Threads that make pieces at
 * the same moment may exceed it by one piece each.
 */
public final class PieceMemory {
    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();

    public PieceMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The memory of all pieces, in bytes. */
    public long used() {
        return used.get();
    }

    /** True if old pieces have to go, so that there is room for new ones. */
    public boolean isShort() {
        return used.get() > maxBytes - maxBytes / 4;
    }

    boolean isFull() {
        return used.get() >= maxBytes;
    }

    void add(long bytes) {
        used.addAndGet(bytes);
    }
}
