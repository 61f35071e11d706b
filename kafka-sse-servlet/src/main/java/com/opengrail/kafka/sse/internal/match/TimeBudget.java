package com.opengrail.kafka.sse.internal.match;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the share of a thread's time for the expressions of clients. Each period adds a new budget, of which nothing is saved
 * for later. What was spent beyond it is missing in the periods that follow. While the budget is not enough and few of its
 * results are used again, the pauses between two budgets grow: the thread does not spend time in vain.
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

    /** After so many periods a budget is spent in any case, to see whether results are used again. */
    private static final int MOST_PERIODS = 40;

    /** A thread may have been stopped for long while it spent time, which is not the fault of expressions. */
    private static final long MOST_SPENT_NANOS = 200 * SHARE_NANOS;

    private final LongSupplier nanoTime;
    private long periodStart;
    private long spent;
    private long startedAt;

    /** The periods until the next budget. */
    private long pause = 1;

    /** The results since the last budget began, and how often one of any age was used again. */
    private long results;

    private long reuses;

    TimeBudget(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.periodStart = nanoTime.getAsLong();
    }

    /** Starts to spend time. False if nothing is left in this period. */
    boolean start() {
        startedAt = nanoTime.getAsLong();
        long periods = (startedAt - periodStart) / PERIOD_NANOS;
        if (periods >= pause) {
            boolean wasWorthIt = spent < SHARE_NANOS || 2 * reuses >= results;
            pause = wasWorthIt ? 1 : Math.min(MOST_PERIODS, 2 * pause);
            results = 0;
            reuses = 0;
            periodStart = startedAt;
            spent = Math.max(0, spent - periods * SHARE_NANOS);
        }
        return spent < SHARE_NANOS;
    }

    /** A result is used again, so no time has to be spent. */
    void reused() {
        reuses++;
    }

    /** True if the budget has been used up since the start. */
    boolean isOver() {
        return spent + nanoTime.getAsLong() - startedAt >= SHARE_NANOS;
    }

    /** Ends what {@link #start} began: there is a result, or there was no time for one. */
    void stop() {
        results++;
        spent = Math.min(MOST_SPENT_NANOS, spent + nanoTime.getAsLong() - startedAt);
    }
}
