package com.opengrail.kafka.sse.internal.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HeavyLaneTest {
    private static final long START = Long.MAX_VALUE - 50;
    private static final long TURN = 100;

    private final HeavyLane lane = new HeavyLane(START);
    private final ClientWriter one = expensive();
    private final ClientWriter other = expensive();

    private void add(int clients) {
        for (int client = 1; client <= clients; client++) {
            lane.add(expensive());
        }
    }

    private static ClientWriter expensive() {
        ClientWriter client = mock(ClientWriter.class);
        when(client.isExpensive()).thenReturn(true);
        return client;
    }

    @Test
    void shouldGiveAQuarterOfTheTimeToOneAfterTheOther() {
        lane.add(one);
        lane.add(other);
        assertSame(one, lane.next(START));
        lane.took(START, START + TURN, true);
        assertNull(lane.next(START + 4 * TURN - 1));
        assertEquals(4 * TURN, lane.untilNext(START));
        assertSame(other, lane.next(START + 4 * TURN));
        assertTrue(lane.isEmpty());
        assertNull(lane.next(START + 9 * TURN));
    }

    @Test
    void shouldGiveATenthOfTheTimeToManyWithExpressions() {
        add(8);
        lane.next(START);
        lane.took(START, START + TURN, true);
        assertEquals(4 * TURN, lane.untilNext(START), "there are eight");
        lane.add(one);
        lane.add(other);
        lane.next(START + 4 * TURN);
        lane.took(START + 4 * TURN, START + 5 * TURN, true);
        assertEquals(14 * TURN, lane.untilNext(START), "there are nine");
        lane.add(expensive());
        lane.next(START + 14 * TURN);
        lane.took(START + 14 * TURN, START + 15 * TURN, false);
        assertEquals(18 * TURN, lane.untilNext(START), "it waited for the application");
    }

    @Test
    void shouldWaitForTheEndOfALongTurnThatHasLostTheLane() {
        AtomicReference<HeavyLane.TurnEnd> end = new AtomicReference<>();
        ClientWriter behind = mock(ClientWriter.class);
        lane.add(one);
        lane.add(other);
        assertSame(one, lane.next(START));
        lane.took(START, START + TURN, true);
        lane.awaitLongTurn(START, end::get);
        lane.add(behind);
        assertSame(behind, lane.next(START + 20 * TURN), "the others go on");
        assertNull(lane.next(START + 20 * TURN));
        assertEquals(TimeUnit.MILLISECONDS.toNanos(10), lane.untilNext(START + 20 * TURN));
        end.set(new HeavyLane.TurnEnd(START + 20 * TURN, true));
        assertNull(lane.next(START + 21 * TURN), "it rests as after every turn");
        assertEquals(59 * TURN, lane.untilNext(START + 21 * TURN));
        assertSame(other, lane.next(START + 80 * TURN));
    }

    /** Nobody looks for the end of the turn as long as no other one waits. */
    @Test
    void shouldRestAfterALongTurnFromItsEndOn() {
        lane.add(one);
        lane.next(START);
        lane.took(START, START + TURN, true);
        lane.awaitLongTurn(START, () -> new HeavyLane.TurnEnd(START + 20 * TURN, true));
        lane.add(other);
        assertSame(other, lane.next(START + 1_000_000 * TURN));
    }

    @Test
    void shouldNotRestLongerAfterALongTurnOfAPredicateOfMany() {
        lane.add(one);
        lane.next(START);
        add(10);
        lane.awaitLongTurn(START, () -> new HeavyLane.TurnEnd(START + TURN, false));
        lane.next(START + TURN);
        assertEquals(3 * TURN, lane.untilNext(START + TURN));
    }

    @Test
    void shouldLetAddressesTakeTurns() {
        ClientWriter modest = expensive();
        when(one.payer()).thenReturn("greedy");
        when(other.payer()).thenReturn("greedy");
        when(modest.payer()).thenReturn("modest");
        lane.add(one);
        lane.add(other);
        lane.add(modest);
        assertSame(one, lane.next(START));
        lane.add(one);
        assertSame(modest, lane.next(START));
        lane.add(modest);
        assertSame(other, lane.next(START));
        assertSame(modest, lane.next(START));
        assertSame(one, lane.next(START));
        assertTrue(lane.isEmpty());
    }

    @Test
    void shouldGiveAllOfTheTimeToThoseThatAreBehind() {
        ClientWriter behind = mock(ClientWriter.class);
        ClientWriter another = mock(ClientWriter.class);
        lane.add(one);
        lane.add(behind);
        lane.add(another);
        lane.add(other);
        assertSame(one, lane.next(START));
        lane.took(START, START + TURN, false);
        assertEquals(0, lane.untilNext(START + TURN));
        assertSame(behind, lane.next(START + TURN));
        lane.took(START + TURN, START + 2 * TURN, false);
        assertSame(another, lane.next(START + 2 * TURN));
        lane.took(START + 2 * TURN, START + 3 * TURN, false);
        assertEquals(TURN, lane.untilNext(START + 3 * TURN));
        assertNull(lane.next(START + 3 * TURN));
        lane.add(behind);
        assertSame(other, lane.next(START + 4 * TURN), "they do not keep an expensive one from its share");
        assertSame(behind, lane.next(START + 4 * TURN));
        assertTrue(lane.isEmpty());
        assertEquals(Long.MAX_VALUE, lane.untilNext(START));
    }

    @Test
    void shouldLetPayersThatAreBehindTakeTurns() {
        ClientWriter first = ofPayer("greedy");
        ClientWriter second = ofPayer("greedy");
        ClientWriter modest = ofPayer("modest");
        lane.add(first);
        lane.add(second);
        lane.add(modest);
        assertSame(first, lane.next(START));
        lane.add(first);
        assertSame(modest, lane.next(START));
        assertSame(second, lane.next(START));
        assertSame(first, lane.next(START));
        lane.add(modest);
        when(modest.isAnythingDue()).thenReturn(true);
        assertEquals(List.of(modest), lane.takeDue());
        assertTrue(lane.isEmpty());
    }

    private static ClientWriter ofPayer(String payer) {
        ClientWriter client = mock(ClientWriter.class);
        when(client.payer()).thenReturn(payer);
        return client;
    }

    @Test
    void shouldTellForWhomMoreThanEventsIsDue() {
        lane.add(one);
        lane.add(other);
        assertEquals(List.of(), lane.takeDue());
        when(other.isAnythingDue()).thenReturn(true);
        assertEquals(List.of(other), lane.takeDue());
        assertSame(one, lane.next(START));
        assertTrue(lane.isEmpty());
        add(8);
        lane.add(other);
        lane.takeDue();
        lane.next(START);
        lane.took(START, START + TURN, true);
        assertEquals(4 * TURN, lane.untilNext(START), "there are eight");
    }
}
