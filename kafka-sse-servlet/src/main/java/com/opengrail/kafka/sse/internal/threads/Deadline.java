package com.opengrail.kafka.sse.internal.threads;

import java.time.Duration;

/**
 * The end of a wait. It is a time of the machine, also where tests have a clock of their own: a thread that is blocked or parked
 * waits for no other.
 *
 * <p>Threads: immutable.
 */
public final class Deadline {
    private final long atNanos;

    private Deadline(long atNanos) {
        this.atNanos = atNanos;
    }

    /** The end of a wait that begins now. */
    public static Deadline in(Duration length) {
        return new Deadline(System.nanoTime() + length.toNanos());
    }

    public boolean isOver() {
        return nanosLeft() <= 0;
    }

    /** The time that is left, in milliseconds; 0 if it is over. */
    public long millisLeft() {
        return Math.max(0, Duration.ofNanos(nanosLeft()).toMillis());
    }

    private long nanosLeft() {
        return atNanos - System.nanoTime();
    }
}
