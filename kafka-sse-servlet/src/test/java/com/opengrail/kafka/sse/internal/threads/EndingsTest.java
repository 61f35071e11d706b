package com.opengrail.kafka.sse.internal.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A closing engine waits for its threads, but not for long. */
class EndingsTest {
    private final List<Long> waited = new ArrayList<>();

    @Test
    void shouldGiveAllOneTimeTogether() {
        Endings.await(Stream.of(waited::add), 1_000);
        Endings.await(
                Stream.of(
                        millis -> {
                            waited.add(millis);
                            Thread.sleep(20);
                        },
                        waited::add),
                10);
        assertTrue(waited.get(0) > 900, "the first may take all");
        assertEquals(1, waited.get(2), "after the time each gets a millisecond, since 0 would be without end");
    }

    @Test
    void shouldStopAtAnInterruptAndKeepIt() {
        Thread.currentThread().interrupt();
        Endings.await(Stream.of(Thread::sleep, waited::add), 1_000);
        assertTrue(Thread.interrupted());
        assertEquals(List.of(), waited);
    }
}
