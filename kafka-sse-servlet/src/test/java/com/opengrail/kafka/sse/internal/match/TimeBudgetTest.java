package com.opengrail.kafka.sse.internal.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

    /** The periods until there is a budget again, after one that was not enough. */
    private long periodsUntilTheNext(int reuses) {
        while (!budget.start()) {
            now += PERIOD;
        }
        spend(SHARE / 2);
        spend(SHARE - SHARE / 2);
        for (int i = 0; i < reuses; i++) {
            budget.reused();
        }
        long periods = 0;
        while (!budget.start()) {
            now += PERIOD;
            periods++;
        }
        return periods;
    }

    @Test
    void shouldWaitLongerAndLongerWhileItIsNotEnoughAndNoResultIsUsedAgain() {
        List<Long> periods =
                IntStream.range(0, 8).mapToObj(i -> periodsUntilTheNext(0)).toList();
        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 32L, 40L, 40L), periods);
    }

    @Test
    void shouldNotWaitLongerWhereHalfTheResultsAreUsedAgain() {
        IntStream.range(0, 8).forEach(i -> assertEquals(1, periodsUntilTheNext(1)));
    }

    @Test
    void shouldWaitNoLongerOnceItWasEnough() {
        IntStream.range(0, 8).forEach(i -> periodsUntilTheNext(0));
        spend(SHARE - 1);
        now += 40 * PERIOD;
        assertEquals(1, periodsUntilTheNext(0));
    }
}
