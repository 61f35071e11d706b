package com.opengrail.kafka.sse.internal.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Race;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class LatencyTest {
    private static final long START = 1_700_000_000_000L;

    private long now = START;
    private final InstantSource clock = () -> Instant.ofEpochMilli(now);
    private final Latency latency = new Latency(clock);

    private void written(long millis, int events) {
        latency.written(now - millis, events);
    }

    private long eventsBelow(long millis) {
        return latency.getEventsBelowMillis().get(millis);
    }

    @Test
    void shouldBeUnknownWithoutEvents() {
        assertEquals(-1, latency.getP50Millis());
        assertEquals(-1, latency.getMaxMillis());
        assertEquals(0, latency.getEvents());
    }

    @Test
    void shouldBeExactBelow32AndAtMostASixteenthAboveTheTruthBeyond() {
        for (long millis = 0; millis < 100_000_000; millis += 1 + millis / 50) {
            Latency one = new Latency(clock);
            one.written(now - millis, 1);
            long read = one.getP99Millis();
            assertTrue(read >= millis && read <= millis + millis / 16, millis + " was read as " + read);
            assertTrue(millis >= 32 || read == millis, millis + " was read as " + read);
        }
    }

    @Test
    void shouldFindQuantilesAndTheMaximum() {
        for (int millis = 1; millis <= 30; millis++) {
            written(millis, 10);
        }
        written(1_000, 1);
        assertEquals(16, latency.getP50Millis());
        assertEquals(30, latency.getP99Millis());
        assertTrue(latency.getMaxMillis() >= 1_000 && latency.getMaxMillis() < 1_063, "" + latency.getMaxMillis());
        assertEquals(301, latency.getEvents());
        assertEquals(10 * 30 * 31 / 2 + 1_000, latency.getTotalMillis());
    }

    @Test
    void shouldCountTheFutureAsNow() {
        latency.written(now + 5_000, 3);
        assertEquals(0, latency.getMaxMillis());
        assertEquals(0, latency.getTotalMillis());
        assertEquals(3, eventsBelow(1));
    }

    @Test
    void shouldCountTheOldestRecordsOfAllInTheLastBucket() {
        latency.written(0, 1);
        assertEquals((1L << 31) - 1, latency.getMaxMillis());
    }

    @Test
    void shouldForgetAValueAfterOneToTwoMinutes() {
        written(500, 1);
        now += Latency.PERIOD_MILLIS - 1;
        written(10, 1);
        assertTrue(latency.getMaxMillis() >= 500);
        now += 1;
        written(10, 1);
        assertTrue(latency.getMaxMillis() >= 500, "after a minute");
        now += Latency.PERIOD_MILLIS;
        assertEquals(10, latency.getMaxMillis(), "after two minutes");
        assertEquals(3, latency.getEvents());
    }

    @Test
    void shouldForgetAllAfterAPauseInWhichNobodyCame() {
        written(500, 1);
        now += 10 * Latency.PERIOD_MILLIS;
        assertEquals(-1, latency.getMaxMillis());
        written(7, 1);
        assertEquals(7, latency.getMaxMillis());
        assertEquals(2, latency.getEvents());
    }

    @Test
    void shouldGoOnForgettingAfterTheClockWasSetBack() {
        written(500, 1);
        now -= 10 * Latency.PERIOD_MILLIS;
        written(7, 1);
        now += Latency.PERIOD_MILLIS;
        written(7, 1);
        assertEquals(7, latency.getMaxMillis());
    }

    @Test
    void shouldCountBelowEachPowerOfTwo() {
        long[] millis = {0, 1, 2, 3, 4, 63, 64, 127, 128, 65_535, 65_536, 1L << 40};
        for (long one : millis) {
            written(one, 1);
        }
        assertEquals(1, eventsBelow(1));
        assertEquals(2, eventsBelow(2));
        assertEquals(4, eventsBelow(4));
        assertEquals(6, eventsBelow(64));
        assertEquals(8, eventsBelow(128));
        assertEquals(10, eventsBelow(65_536));
        assertEquals(millis.length, latency.getEvents());
    }

    @Test
    void shouldLoseNothingWhenManyAddWhileOthersReadAndTimePasses() throws InterruptedException {
        int rounds = 20_000;
        Race.Part writer = () -> {
            for (int i = 0; i < rounds; i++) {
                latency.written(START, 2);
            }
        };
        Race.Part reader = () -> {
            for (int i = 0; i < 1_000; i++) {
                now += Latency.PERIOD_MILLIS / 10;
                assertTrue(latency.getMaxMillis() >= -1);
            }
        };
        Race.run(writer, writer, reader);
        assertEquals(2 * 2 * rounds, latency.getEvents());
    }
}
