package com.opengrail.kafka.sse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long START = -5_000_000_000L;

    @Test
    void keeps_the_rate_however_unevenly_it_is_asked() {
        Pace pace = new Pace(3, START);
        int due = 0;
        for (int millis : new int[] {20, 40, 333, 340, 900, 1000, 1001, 1999, 2000}) {
            due += pace.due(START + TimeUnit.MILLISECONDS.toNanos(millis));
        }
        assertEquals(6, due);
    }

    @Test
    void a_slow_rate_gives_an_event_when_its_time_has_come() {
        Pace pace = new Pace(0.5, START);
        assertEquals(0, pace.due(START + TimeUnit.MILLISECONDS.toNanos(1999)));
        assertEquals(1, pace.due(START + TimeUnit.MILLISECONDS.toNanos(2000)));
        assertEquals(0, pace.due(START + TimeUnit.MILLISECONDS.toNanos(2020)));
    }

    @Test
    void does_not_catch_up_on_more_than_a_second() {
        Pace pace = new Pace(100, START);
        long later = START + TimeUnit.MINUTES.toNanos(10);
        assertTrue(pace.due(later) <= 100);
        assertEquals(0, pace.due(later));
        assertEquals(2, pace.due(later + TimeUnit.MILLISECONDS.toNanos(20)));
    }
}
