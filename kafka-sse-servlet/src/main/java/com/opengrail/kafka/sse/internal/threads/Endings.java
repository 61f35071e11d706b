package com.opengrail.kafka.sse.internal.threads;

import java.time.Duration;
import java.util.stream.Stream;

/** Waits for threads to end. */
public final class Endings {

    /** Something that ends. */
    @FunctionalInterface
    public interface Ending {
        /** Waits for it, for a limited time. */
        void await(long millis) throws InterruptedException;
    }

    private Endings() {}

    /**
     * Waits for some to end, together for a limited time. Each gets a millisecond at least. An interrupt ends the waiting. It is
     * there afterwards.
     */
    public static void await(Stream<Ending> endings, long millis) {
        Deadline deadline = Deadline.in(Duration.ofMillis(millis));
        try {
            for (Ending ending : endings.toList()) {
                ending.await(Math.max(1, deadline.millisLeft()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
