package com.opengrail.kafka.sse.internal.match;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the share of a thread's time for the expressions of clients. Each period adds a new budget, of which nothing is saved
 * for later. What was spent beyond it is missing in the periods that follow.
 *
 * <p>Threads: not safe; belongs to that thread.
 */
final class TimeBudget {
    /**
     * Short: a share may be spent at once, and what comes meanwhile is late by it. It is enough to compare a name with thousands
     * of simple expressions.
     */
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private static final long SHARE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** A thread may have been stopped for long while it spent time, which is not the fault of expressions. */
    private static final long MOST_SPENT_NANOS = 200 * SHARE_NANOS;

    private final LongSupplier nanoTime;
    private long periodStart;
    private long spent;
    private long startedAt;

    TimeBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.periodStart = nanoTime.getAsLong();
    }

    /** Starts to spend time. False if nothing is left in this period. */
    boolean start() {
        startedAt = nanoTime.getAsLong();
        long periods = (startedAt - periodStart) / PERIOD_NANOS;
        if (periods > 0) {
            periodStart = startedAt;
            spent = Math.max(0, spent - periods * SHARE_NANOS);
        }
        return spent < SHARE_NANOS;
    }

    /** True if the budget has been used up since the start. */
    boolean isOver() {
        return spent + nanoTime.getAsLong() - startedAt >= SHARE_NANOS;
    }

    void stop() {
        spent = Math.min(MOST_SPENT_NANOS, spent + nanoTime.getAsLong() - startedAt);
    }
}
