package com.opengrail.kafka.sse.internal.match;

import java.util.function.LongSupplier;

/** Turns whose clocks are the test's. */
public final class Turns {
    private Turns() {}

    /** A turn that is never over by itself, and gives up evaluating as a clock of the processor's time says. */
    public static Turn of(int maxBytes, LongSupplier processorNanos) {
        return new Turn(maxBytes, () -> 0, processorNanos);
    }
}
