package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.access.EndReason;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StreamEndTest {
    /** Later readings are negative, as those of the real clock may be. */
    private static final long NOW = Long.MAX_VALUE - 1;

    private static final long NO_LIMIT = 0;
    private static final Instant OPENED = Instant.ofEpochSecond(1_000_000);

    private static StreamEnd end(long ageMillis, Instant openedAt, Instant until) {
        return StreamEnd.of(NOW, ageMillis, openedAt, until);
    }

    private static void assertEnds(EndReason reason, long millis, StreamEnd end) {
        long at = NOW + TimeUnit.MILLISECONDS.toNanos(millis);
        assertEquals(reason, end.reason());
        assertFalse(end.isReached(at - 1));
        assertTrue(end.isReached(at));
    }

    private static void assertEndless(StreamEnd end) {
        assertEquals(EndReason.AGE, end.reason());
        assertFalse(end.isReached(NOW));
        assertFalse(end.isReached(NOW + TimeUnit.DAYS.toNanos(36_500)));
    }

    @Test
    void shouldBeAtTheEarlierOfTheTwo() {
        assertEnds(EndReason.AGE, 100, end(100, OPENED, null));
        assertEnds(EndReason.AGE, 100, end(100, OPENED, OPENED.plusMillis(100)));
        assertEnds(EndReason.UNTIL, 99, end(100, OPENED, OPENED.plusMillis(99)));
        assertEnds(EndReason.UNTIL, 99, end(NO_LIMIT, OPENED, OPENED.plusMillis(99)));
    }

    @Test
    void shouldBeAtOnceWhereTheInstantIsPast() {
        assertEnds(EndReason.UNTIL, 0, end(100, OPENED, OPENED));
        assertEnds(EndReason.UNTIL, 0, end(100, OPENED, OPENED.minusNanos(1)));
        assertEnds(EndReason.UNTIL, 0, end(NO_LIMIT, OPENED, Instant.MIN));
        assertEnds(EndReason.UNTIL, 0, end(NO_LIMIT, Instant.MAX, Instant.MIN));
    }

    @Test
    void shouldBeNeverWhereTheInstantIsTooFarAway() {
        assertEndless(end(NO_LIMIT, OPENED, null));
        assertEndless(end(NO_LIMIT, OPENED, Instant.MAX));
        assertEndless(end(NO_LIMIT, Instant.MIN, Instant.MAX));
    }
}
