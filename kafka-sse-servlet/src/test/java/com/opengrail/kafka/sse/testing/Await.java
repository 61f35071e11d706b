package com.opengrail.kafka.sse.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions that tell nobody when they come true. */
public final class Await {
    private static final long LOOK_NANOS = Duration.ofMillis(10).toNanos();

    private Await() {}

    /**
     * Waits until a condition is true.
     *
     * @param what is waited for
     * @param limit after which an {@link AssertionError} says what there was instead
     * @param actual what there is
     */
    public static void until(String what, Duration limit, BooleanSupplier condition, Supplier<?> actual) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                throw new AssertionError("waited for " + what + " but got " + actual.get());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
