package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Footprint;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.SseSwarm;
import com.opengrail.kafka.sse.testing.SwarmCheck;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Many clients of one topic: each gets everything, and they cost Kafka and this process no more than one. */
@Timeout(180)
class FanOutIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CLIENTS = 1000;
    private static final int EVENTS = 1000;
    private static final int BATCH = 50;

    /** What both containers allow themselves by default. */
    private static final int CONTAINER_THREADS = 200;

    private final Topics topics = KafkaBroker.shared().topics();

    @BeforeEach
    void awaitQuiet() {
        Await.until(
                "the threads of tests before", LIMIT, () -> Footprint.threads().isEmpty(), Footprint::threads);
    }

    @OnEachContainer
    void shouldGiveEachOfAThousandClientsAThousandEventsAtTheCostOfOne(WebServer.Kind kind) throws Exception {
        String topic = topics.create("fan-out", 1);
        int threadsBefore = threads();
        try (WebServer server = kind.start(Map.of(
                        "topic", topic, "kafka-broker-url", KafkaBroker.shared().bootstrapServers()));
                SseClient one = SseClient.to(server.uri("/kafka-sse")).open()) {
            one.awaitText("stream-position", LIMIT);
            Set<String> threadsOfOne = Footprint.threads();
            assertEquals(1, Footprint.consumers());
            assertFewConnections();

            try (SseSwarm swarm = SseSwarm.against(server.uri("/kafka-sse"))
                    .connections(CLIENTS)
                    .checks(i -> SwarmCheck.sequenceFrom(0))
                    .start()) {
                swarm.awaitAllAnswered(LIMIT);
                produce(topic, swarm);
                swarm.awaitEvents(EVENTS, LIMIT);

                assertEquals(threadsOfOne, Footprint.threads());
                assertEquals(1, Footprint.consumers());
                assertFewConnections();
                assertTrue(threads() - threadsBefore < CONTAINER_THREADS + 50, () -> "threads: " + threads());
                assertEquals(0, swarm.stats().faults(), swarm.stats()::toString);
                assertEquals(0, swarm.stats().gaps());
                assertEquals(0, swarm.stats().ended());
                assertEquals((long) CLIENTS * EVENTS, swarm.stats().events());
            }
        }
    }

    /** One consumer and one admin client, each with a connection that it began with and one to the broker. */
    private static void assertFewConnections() throws Exception {
        int connections = Footprint.brokerConnections();
        assertTrue(connections <= 4, () -> "connections: " + connections);
    }

    /** Produces no faster than the slowest client reads, so that what is seen does not hang on the speed of the machine. */
    private void produce(String topic, SseSwarm swarm) throws InterruptedException {
        for (int sent = 0; sent < EVENTS; sent += BATCH) {
            List<ProducerRecord<String, String>> batch = new ArrayList<>();
            for (int i = sent; i < sent + BATCH; i++) {
                batch.add(new ProducerRecord<>(topic, "customer", i + " of " + EVENTS));
            }
            topics.produce(batch);
            swarm.awaitEvents(Math.max(0, sent - BATCH), LIMIT);
        }
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }
}
