package com.opengrail.kafka.sse.internal.gzip;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the memory that several runs and their pieces occupy together, and limits it.
 *
 * <p>Threads: safe.
 *
 * <p>Limits: when it is full, groups make no more runs and pieces, and clients take stored blocks. Threads that make pieces at
 * the same moment may exceed it by one piece each.
 */
public final class PieceMemory {
    private volatile long maxBytes;
    private final AtomicLong used = new AtomicLong();

    public PieceMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Changes the limit. What is there already stays. */
    public void limit(long bytes) {
        maxBytes = bytes;
    }

    /** The memory of all runs and pieces, in bytes. */
    public long used() {
        return used.get();
    }

    /** True if old pieces have to go, so that there is room for new ones. */
    public boolean isShort() {
        long most = maxBytes;
        return used.get() > most - most / 4;
    }

    boolean isFull() {
        return used.get() >= maxBytes;
    }

    void add(long bytes) {
        used.addAndGet(bytes);
    }
}
