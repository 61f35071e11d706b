package com.opengrail.kafka.sse.internal.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A closing engine waits for its threads, but not for long. */
class DeadlineTest {
    private final List<Long> waited = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);

    /** What does not end in this time. */
    private void never(long millis) throws InterruptedException {
        assertFalse(end.await(millis, TimeUnit.MILLISECONDS));
    }

    @Test
    void shouldGiveAllOneTimeTogether() {
        Deadline.in(Duration.ofMillis(1_000_000)).await(Stream.of(waited::add));
        assertTrue(waited.get(0) > 900_000, "the first may take all");
        waited.clear();
        Deadline.in(Duration.ofMillis(10)).await(Stream.of(this::never, waited::add));
        assertEquals(List.of(1L), waited, "after the time each gets a millisecond, since 0 would be without end");
    }

    @Test
    void shouldStopAtAnInterruptAndKeepIt() {
        Thread.currentThread().interrupt();
        Deadline.in(Duration.ofMillis(1_000)).await(Stream.of(this::never, waited::add));
        assertTrue(Thread.interrupted());
        assertEquals(List.of(), waited);
    }
}
