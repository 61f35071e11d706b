package com.opengrail.kafka.sse.internal.match;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits what one client may take of a thread before others have their turn: the bytes of one write, and the time.
 *
 * <p>Threads: not safe; belongs to the thread that gives the turns.
 */
public final class Turn {
    /** Long enough for thousands of cheap filter checks, and short enough not to delay a hundred other clients much. */
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
     * Makes a turn that has not begun yet.
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

    /** Notes that a step may have been expensive. The next {@link #isOver} reads the clock. */
    public void expensive() {
        cheapSteps = CHEAP_STEPS;
    }

    /** True if the time is used up. */
    public boolean isOver() {
        if (!over && ++cheapSteps > CHEAP_STEPS) {
            cheapSteps = 0;
            over = nanoTime.getAsLong() - deadline >= 0;
        }
        return over;
    }
}
