package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.internal.metrics.Counters;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class ReplayHealthTest {
    private final Counters counters = new Counters();
    private final ReplayHealth health = new ReplayHealth(counters, System::nanoTime);

    /** Who sees that there is a failure may ask for it at once. */
    @Test
    void shouldCountAFailureOnlyWhenItsTextCanBeRead() {
        List<Long> counted = new ArrayList<>();
        health.failed(
                new KafkaException("away") {
                    @Override
                    public String toString() {
                        counted.add(health.consecutiveFailures());
                        counted.add(counters.replayFailures.sum());
                        return "away";
                    }
                },
                "a topic");
        assertEquals(List.of(0L, 0L), counted);
        assertEquals(1, health.consecutiveFailures());
        assertEquals(1, counters.replayFailures.sum());
        assertEquals("away", health.lastError());
    }

    @Test
    void shouldForgetNothingButTheRowOfFailuresWhenARequestIsServed() {
        health.failed(new KafkaException("away"), "a topic");
        health.served();
        assertEquals(0, health.consecutiveFailures());
        assertEquals(1, counters.replayFailures.sum());
    }

    /** Kafka's own message names no codec. */
    @Test
    void shouldTellWhatAFailureComesOf() {
        health.failed(
                new KafkaException(
                        "Received exception", new UnsatisfiedLinkError("no snappyjava\nin java.library.path")),
                "a topic");
        assertEquals(
                "org.apache.kafka.common.KafkaException: Received exception"
                        + " (java.lang.UnsatisfiedLinkError: no snappyjava)",
                health.lastError());
    }
}
