package com.opengrail.kafka.sse.internal.threads;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions by looking at them again and again. */
public final class Pauses {
    private Pauses() {}

    /**
     * Waits as long as something is so, with pauses between two looks at it. An interrupt does not end the waiting: a thread
     * that is interrupted cannot park, and would keep a processor busy. It is there afterwards.
     */
    public static void pauseWhile(BooleanSupplier isSo, long pauseNanos) {
        boolean interrupted = Thread.interrupted();
        try {
            while (isSo.getAsBoolean()) {
                LockSupport.parkNanos(pauseNanos);
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
