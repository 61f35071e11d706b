package com.opengrail.kafka.sse.internal.feed;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pause between two attempts to follow topics: longer with each failure, shortened by a client that comes anew, over
 * at once when the feed ends.
 *
 * <p>Threads: the feed's thread waits, anybody shortens or ends.
 */
final class FeedPause {
    private static final long SHORTEST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 5_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock. */
    private long millis = SHORTEST_MILLIS;

    private boolean shortened;
    private boolean ended;

    /** The next failure is the first one again. */
    void reset() {
        lock.lock();
        try {
            millis = SHORTEST_MILLIS;
        } finally {
            lock.unlock();
        }
    }

    void shorten() {
        lock.lock();
        try {
            shortened = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
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

    void await() {
        lock.lock();
        try {
            shortened = false;
            long start = System.nanoTime();
            long left = left(start);
            while (left > 0 && !ended) {
                changed.awaitNanos(left);
                left = left(start);
            }
            millis = Math.min(LONGEST_MILLIS, millis * 2);
        } catch (InterruptedException e) {
            ended = true;
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private long left(long start) {
        long pause = shortened ? SHORTEST_MILLIS : millis;
        return TimeUnit.MILLISECONDS.toNanos(pause) - (System.nanoTime() - start);
    }
}
