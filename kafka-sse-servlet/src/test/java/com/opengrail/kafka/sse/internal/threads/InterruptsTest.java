package com.opengrail.kafka.sse.internal.threads;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a thread closes is not interrupted, and no interrupt is lost. */
class InterruptsTest {
    private final Interrupts interrupts = new Interrupts();

    @Test
    void shouldInterruptBeforeTheClosingAndNotInIt() {
        interrupts.interrupt(Thread.currentThread());
        interrupts.letGo(() -> assertFalse(Thread.currentThread().isInterrupted()));
        assertTrue(Thread.interrupted());
    }

    @Test
    void shouldInterruptAfterTheClosingInWhichItWasAsked() {
        interrupts.letGo(() -> {
            interrupts.interrupt(Thread.currentThread());
            assertFalse(Thread.currentThread().isInterrupted());
        });
        assertTrue(Thread.interrupted());
    }

    @Test
    void shouldNotInterruptWhomNobodyInterrupts() {
        interrupts.letGo(() -> {});
        assertFalse(Thread.interrupted());
    }
}
