package com.opengrail.kafka.sse.internal.match;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnTest {
    private static final long SHORT = TimeUnit.MICROSECONDS.toNanos(90);
    private static final long LONG = TimeUnit.MICROSECONDS.toNanos(600);
    private static final long LONGER = TimeUnit.MILLISECONDS.toNanos(3);

    private long now = Long.MAX_VALUE - LONG;
    private long processor = Long.MAX_VALUE - SHORT;
    private final Turn turn = new Turn(1, () -> now, () -> processor);

    private void work(long nanos) {
        now += nanos;
        processor += nanos;
        turn.hasWorked();
    }

    @Test
    void shouldEndByTheClock() {
        turn.begin();
        work(LONG);
        assertFalse(turn.isOver());
        work(LONGER);
        assertTrue(turn.isOver());
        assertFalse(turn.isExpensive(), "it has only written");
        turn.begin();
        assertFalse(turn.isOver());
    }

    @Test
    void shouldEndSoonerWhereExpressionsAreEvaluated() {
        turn.begin();
        turn.evaluates();
        work(LONG);
        assertTrue(turn.isOver());
        assertTrue(turn.isExpensive());
        assertTrue(turn.hasEvaluated());
        turn.begin();
        assertFalse(turn.isExpensive());
        assertFalse(turn.hasEvaluated());
    }

    @Test
    void shouldBeExpensiveBeforeItIsOver() {
        turn.begin();
        turn.evaluates();
        work(SHORT);
        assertFalse(turn.isExpensive());
        turn.evaluates();
        work(SHORT);
        assertTrue(turn.isExpensive());
        assertFalse(turn.isOver());
    }

    /** Otherwise a pause for garbage would send whoever has a turn to wait with the expensive ones. */
    @Test
    void shouldNotTakeWaitingForAProcessorForEvaluation() {
        turn.begin();
        turn.evaluates();
        now += LONGER;
        turn.hasWorked();
        assertTrue(turn.isOver());
        assertFalse(turn.isExpensive());
    }

    @Test
    void shouldTakeAPredicateThatWaitsForExpensive() {
        turn.begin();
        turn.asks();
        assertFalse(turn.isExpensive());
        now += LONG;
        turn.hasWorked();
        assertTrue(turn.isExpensive());
    }

    @Test
    void shouldGiveUpAnEvaluationThatTakesLongUnlessItIsPatient() {
        turn.begin();
        turn.evaluates();
        work(SHORT);
        assertFalse(turn.givesUp());
        work(LONG);
        assertTrue(turn.givesUp());
        turn.beginPatiently();
        turn.evaluates();
        work(LONGER);
        assertFalse(turn.givesUp());
        turn.begin();
        turn.evaluates();
        work(LONGER);
        assertTrue(turn.givesUp());
    }

    @Test
    void shouldBeOverWhenAnEvaluationWasGivenUp() {
        turn.begin();
        turn.evaluates();
        processor += LONG;
        turn.stop();
        assertTrue(turn.isOver());
        assertTrue(turn.isExpensive(), "the next turn is a patient one");
    }

    @Test
    void shouldLeaveNoTimeForTheFilterWhereOnlyWhatIsDueIsWanted() {
        turn.beginForDue();
        assertTrue(turn.isOver());
        assertTrue(turn.isForDue());
        assertFalse(turn.isExpensive());
        turn.begin();
        assertFalse(turn.isForDue());
    }
}
