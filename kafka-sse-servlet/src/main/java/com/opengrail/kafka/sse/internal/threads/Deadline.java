package com.opengrail.kafka.sse.internal.threads;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The end of a wait. It is a time of the machine, also where tests have a clock of their own: a thread that is blocked or parked
 * waits for no other.
 *
 * <p>Threads: immutable.
 */
public final class Deadline {
    /** Something that ends, such as a thread. */
    @FunctionalInterface
    public interface Ending {
        /** Waits for it, for a limited time. */
        void await(long millis) throws InterruptedException;
    }

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

    /**
     * Waits as long as something is so and this is not over, with pauses between two looks at it. An interrupt does not end the
     * waiting: a thread that is interrupted cannot park, and would keep a processor busy. It is there afterwards.
     */
    public void pauseWhile(BooleanSupplier isSo, long pauseNanos) {
        boolean interrupted = Thread.interrupted();
        try {
            while (isSo.getAsBoolean() && !isOver()) {
                LockSupport.parkNanos(pauseNanos);
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for some to end. Each gets a millisecond at least. An interrupt ends the waiting. It is there afterwards. */
    public void await(Stream<Ending> endings) {
        try {
            for (Ending ending : endings.toList()) {
                ending.await(Math.max(1, millisLeft()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long nanosLeft() {
        return atNanos - System.nanoTime();
    }
}
