package com.opengrail.kafka.sse.internal.match;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the share of a thread's time for the expressions of clients. Each period starts with a new budget.
 *
 * <p>Threads: not safe; belongs to that thread.
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
     * Starts to spend time.
     *
     * @return false if nothing is left in this period
     */
    boolean start() {
        startedAt = nanoTime.getAsLong();
        if (startedAt - periodStart >= PERIOD_NANOS) {
            periodStart = startedAt;
            spent = 0;
        }
        return spent < SHARE_NANOS;
    }

    /** True if the budget has been used up since the start. */
    boolean isOver() {
        return spent + nanoTime.getAsLong() - startedAt >= SHARE_NANOS;
    }

    void stop() {
        spent += nanoTime.getAsLong() - startedAt;
    }
}
