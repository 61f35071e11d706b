package com.opengrail.kafka.sse.internal.match;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Expressions of clients take a fifth of a thread's time at most, whatever they are. */
class TimeBudgetTest {
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long SHARE = TimeUnit.MILLISECONDS.toNanos(5);

    private long now = -7;
    private final TimeBudget budget = new TimeBudget(() -> now);

    private void spend(long nanos) {
        budget.start();
        now += nanos;
        budget.stop();
    }

    @Test
    void shouldBeOverWhenTheShareIsSpent() {
        assertTrue(budget.start());
        now += SHARE - 1;
        assertFalse(budget.isOver());
        now += 1;
        assertTrue(budget.isOver());
        budget.stop();
        assertFalse(budget.start());
    }

    @Test
    void shouldAddUpWhatIsSpentInAPeriod() {
        spend(SHARE / 2);
        now += SHARE;
        spend(SHARE / 2 - 1);
        assertTrue(budget.start(), "time in between is spent on other things");
        assertFalse(budget.isOver());
        now += 1;
        assertTrue(budget.isOver());
    }

    @Test
    void shouldForgetWhatWasSpentWithEachPeriod() {
        long start = now;
        spend(SHARE);
        now = start + PERIOD - 1;
        assertFalse(budget.start());
        now = start + PERIOD;
        assertTrue(budget.start());
        assertFalse(budget.isOver());
        spend(SHARE);
        assertFalse(budget.start(), "nothing is saved for later");
    }

    /** Otherwise a single expression that takes a second could be evaluated in each period. */
    @Test
    void shouldTakeFromLaterPeriodsWhatWasSpentBeyondTheShare() {
        long start = now;
        spend(3 * SHARE);
        now = start + PERIOD;
        assertFalse(budget.start());
        now = start + 2 * PERIOD;
        assertFalse(budget.start());
        now = start + 3 * PERIOD;
        assertTrue(budget.start());
        assertFalse(budget.isOver());
    }

    @Test
    void shouldForgiveAThreadThatStoodStillForLong() {
        spend(100_000 * PERIOD);
        now += 200 * PERIOD;
        assertTrue(budget.start());
    }

    @Test
    void shouldStartAPeriodWhenItIsUsedAgain() {
        now += 10 * PERIOD;
        spend(SHARE);
        now += PERIOD - SHARE - 1;
        assertFalse(budget.start());
        now += 1;
        assertTrue(budget.start());
    }
}
