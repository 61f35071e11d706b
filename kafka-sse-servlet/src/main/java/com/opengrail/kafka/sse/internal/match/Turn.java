package com.opengrail.kafka.sse.internal.match;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What one client may take of a thread before others have their turn: bytes of one write, and time.
 *
 * <p>Threads: not safe; belongs to the thread that gives the turns.
 */
public final class Turn {
    /** Long enough for thousands of cheap filter checks, short enough that a hundred other clients notice little. */
    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /**
     * A cheap check takes nanoseconds, and so does reading the clock. So the clock is read once per this many checks.
     */
    private static final int CHEAP_STEPS = 64;

    private final int maxBytes;
    private final LongSupplier nanoTime;
    private long deadline;
    private int cheapSteps;
    private boolean over;

    /**
     * A turn that has not begun.
     *
     * @param maxBytes the most bytes of one write
     */
    public Turn(int maxBytes, LongSupplier nanoTime) {
        this.maxBytes = maxBytes;
        this.nanoTime = nanoTime;
    }

    /** Begins the turn of the next client. */
    public void begin() {
        deadline = nanoTime.getAsLong() + LIMIT_NANOS;
        cheapSteps = 0;
        over = false;
    }

    public int maxBytes() {
        return maxBytes;
    }

    /** A step has been taken that may have been expensive: the next question looks at the clock. */
    public void expensive() {
        cheapSteps = CHEAP_STEPS;
    }

    /** True if the time is up. */
    public boolean isOver() {
        if (!over && ++cheapSteps > CHEAP_STEPS) {
            cheapSteps = 0;
            over = nanoTime.getAsLong() - deadline >= 0;
        }
        return over;
    }
}
