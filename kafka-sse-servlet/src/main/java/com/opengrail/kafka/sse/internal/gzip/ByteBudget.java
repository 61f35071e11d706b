package com.opengrail.kafka.sse.internal.gzip;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the memory of compressed runs and their pieces, and limits it.
 *
 * <p>Threads: safe.
 *
 * <p>Limits: when it is full, groups make no more runs and pieces, and clients take stored blocks. Threads that make pieces at
 * the same moment may exceed it by one piece each.
 */
public final class ByteBudget {
    private volatile long maxBytes;
    private final AtomicLong used = new AtomicLong();

    public ByteBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Changes the limit. What is there already stays. */
    public void limit(long bytes) {
        maxBytes = bytes;
    }

    /** The memory of all that is counted, in bytes. */
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

    public void release(long bytes) {
        used.addAndGet(-bytes);
    }

    /** Counts some bytes in any case. */
    void add(long bytes) {
        used.addAndGet(bytes);
    }
}
