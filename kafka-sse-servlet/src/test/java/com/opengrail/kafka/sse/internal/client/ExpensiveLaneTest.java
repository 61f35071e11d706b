package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExpensiveLaneTest {
    private static final long START = Long.MAX_VALUE - 50;
    private static final long TURN = 100;

    private final ExpensiveLane lane = new ExpensiveLane(START);
    private final ClientWriter one = mock(ClientWriter.class);
    private final ClientWriter other = mock(ClientWriter.class);

    @Test
    void shouldGiveAQuarterOfTheTimeToOneAfterTheOther() {
        lane.add(one);
        lane.add(other);
        assertSame(one, lane.next(START));
        lane.took(START, START + TURN, true);
        assertNull(lane.next(START + 4 * TURN - 1));
        assertEquals(START + 4 * TURN, lane.nextAt());
        assertSame(other, lane.next(START + 4 * TURN));
        assertTrue(lane.isEmpty());
        assertNull(lane.next(START + 9 * TURN));
    }

    @Test
    void shouldGiveATenthOfTheTimeToManyWithExpressions() {
        for (int client = 1; client <= 8; client++) {
            lane.add(one);
        }
        lane.next(START);
        lane.took(START, START + TURN, true);
        assertEquals(START + 4 * TURN, lane.nextAt(), "there are eight");
        lane.add(one);
        lane.add(one);
        lane.next(START + 4 * TURN);
        lane.took(START + 4 * TURN, START + 5 * TURN, true);
        assertEquals(START + 14 * TURN, lane.nextAt(), "there are nine");
        lane.add(one);
        lane.next(START + 14 * TURN);
        lane.took(START + 14 * TURN, START + 15 * TURN, false);
        assertEquals(START + 18 * TURN, lane.nextAt(), "it waited for the application");
    }

    @Test
    void shouldLetAddressesTakeTurns() {
        ClientWriter modest = mock(ClientWriter.class);
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
    void shouldTellForWhomMoreThanEventsIsDue() {
        lane.add(one);
        lane.add(other);
        assertEquals(List.of(), lane.takeDue());
        when(other.isAnythingDue()).thenReturn(true);
        assertEquals(List.of(other), lane.takeDue());
        assertSame(one, lane.next(START));
        assertTrue(lane.isEmpty());
        for (int client = 1; client <= 8; client++) {
            lane.add(one);
        }
        lane.add(other);
        lane.takeDue();
        lane.next(START);
        lane.took(START, START + TURN, true);
        assertEquals(START + 4 * TURN, lane.nextAt(), "there are eight");
    }
}
