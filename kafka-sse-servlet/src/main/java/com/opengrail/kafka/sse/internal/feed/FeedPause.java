package com.opengrail.kafka.sse.internal.feed;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The pause between two attempts to follow topics. It grows with each failure until the brokers have answered a poll, and is
 * over at once when the feed ends.
 *
 * <p>Threads: the feed's thread waits; anybody ends.
 */
final class FeedPause {
    static final long SHORTEST_MILLIS = 500;
    static final long LONGEST_MILLIS = 15_000;

    private static final int GROWTH = 3;

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock. */
    private boolean ended;

    /** Used by the feed's thread only. */
    private long millis = SHORTEST_MILLIS;

    FeedPause(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The next failure is the first one again. */
    void reset() {
        millis = SHORTEST_MILLIS;
    }

    /** The length of the next pause, in milliseconds. */
    long next() {
        return millis;
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits.
     *
     * @param mostMillis the longest that this pause may be; the next one grows from its length
     */
    void await(long mostMillis) {
        lock.lock();
        try {
            millis = Math.min(mostMillis, millis);
            long end = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
            long left = end - nanoTime.getAsLong();
            while (left > 0 && !ended) {
                changed.awaitNanos(left);
                left = end - nanoTime.getAsLong();
            }
            millis = Math.min(LONGEST_MILLIS, millis * GROWTH);
        } catch (InterruptedException e) {
            // Without an end the next attempt may fail, too, and is to be followed by a pause.
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
