package com.opengrail.kafka.sse.internal.gzip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What clients keep while they read slowly has a bound for all of them. */
class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(20_000);

    @Test
    void shouldRefuseWhatThereIsNoRoomFor() {
        assertTrue(budget.take(10_000));
        assertFalse(budget.take(10_001));
        assertTrue(budget.take(10_000), "what was refused takes no room");
        assertFalse(budget.take(10_000), "each client counts");
        assertEquals(20_000, budget.used());
    }

    @Test
    void shouldHaveRoomForWhatWasReleased() {
        assertTrue(budget.take(10_000));
        assertTrue(budget.take(10_000));
        budget.release(10_000);
        assertTrue(budget.take(10_000));
        budget.release(10_000);
        budget.release(10_000);
        assertEquals(0, budget.used());
    }
}
