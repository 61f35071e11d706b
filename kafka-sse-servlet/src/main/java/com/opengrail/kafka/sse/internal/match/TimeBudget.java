package com.opengrail.kafka.sse.internal.match;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The part of a thread's time that may go into the expressions of clients. What is spent is forgotten with each period.
 *
 * <p>Threads: not safe; belongs to the thread whose time it is.
 */
final class TimeBudget {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SHARE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final LongSupplier nanoTime;
    private long periodStart;
    private long spent;
    private long startedAt;

    TimeBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.periodStart = nanoTime.getAsLong();
    }

    /**
     * Starts to spend.
     *
     * @return false if nothing is left of this period
     */
    boolean start() {
        startedAt = nanoTime.getAsLong();
        if (startedAt - periodStart >= PERIOD_NANOS) {
            periodStart = startedAt;
            spent = 0;
        }
        return spent < SHARE_NANOS;
    }

    /** True if what has been spent since the start is more than was left. */
    boolean isOver() {
        return spent + nanoTime.getAsLong() - startedAt >= SHARE_NANOS;
    }

    void stop() {
        spent += nanoTime.getAsLong() - startedAt;
    }
}
