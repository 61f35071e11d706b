package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.SseSwarm;
import com.opengrail.kafka.sse.testing.SwarmCheck;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Timeout;

/** A client that does not read loses its own stream and nobody else's. */
@Timeout(180)
class SlowClientIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int READERS = 100;
    private static final String FILLING = "x".repeat(8000);

    /** Events without and then beside a stuck client: 4 MB to warm up, 8 MB, and 20 MB, which is five windows. */
    private static final int FIRST = 500;

    private static final int ALONE = 1000;
    private static final int BESIDE = 2500;

    private static final int BATCH = 100;

    private final Topics topics = KafkaBroker.shared().topics();

    @OnEachContainer
    void shouldNotLetAClientThatNeverReadsDisturbTheOthers(WebServer.Kind kind) throws Exception {
        String topic = topics.create("slow-client", 1);
        try (WebServer server = kind.start(Map.of(
                        "topic",
                        topic,
                        "kafka-broker-url",
                        KafkaBroker.shared().bootstrapServers(),
                        "window-bytes",
                        "4194304"));
                SseSwarm readers = SseSwarm.against(server.uri("/kafka-sse"))
                        .connections(READERS)
                        .checks(i -> SwarmCheck.sequenceFrom(0))
                        .start()) {
            readers.awaitAllAnswered(LIMIT);
            produce(topic, readers, 0, FIRST);
            Duration alone = produce(topic, readers, FIRST, ALONE);
            try (SseClient stuck =
                    SseClient.to(server.uri("/kafka-sse")).stuck().open()) {
                stuck.awaitOpen(LIMIT);
                Duration beside = produce(topic, readers, FIRST + ALONE, BESIDE);

                assertTrue(
                        beside.compareTo(alone.multipliedBy(3 * BESIDE / ALONE).plusSeconds(2)) < 0,
                        () -> "took " + beside + " beside a stuck client, " + alone + " without");
                assertEquals(
                        (long) READERS * (FIRST + ALONE + BESIDE),
                        readers.stats().events());
                assertEquals(0, readers.stats().faults(), readers.stats()::toString);
                assertEquals(0, readers.stats().gaps());
                assertEquals(0, readers.stats().ended());
                stuck.startReading();
                assertGetsAll(stuck);
            }
        }
    }

    /** Kafka has kept for the stuck client what it did not read: all of it follows, in order, in the same stream. */
    private static void assertGetsAll(SseClient stuck) {
        String last = Integer.toString(FIRST + ALONE + BESIDE - 1);
        Await.until("the last event", LIMIT, () -> last.equals(stuck.lastEventId()), stuck::lastEventId);
        List<SseClient.Event> events = stuck.events().stream()
                .filter(event -> !event.type().equals("stream-position"))
                .toList();
        assertEquals(BESIDE, events.size());
        for (int i = 0; i < BESIDE; i++) {
            assertTrue(events.get(i).data().startsWith(FIRST + ALONE + i + " "), "event " + i);
            assertEquals(Integer.toString(FIRST + ALONE + i), events.get(i).id());
        }
    }

    /** Produces no faster than the slowest reader reads: the window holds a few batches. */
    private Duration produce(String topic, SseSwarm readers, int first, int count) throws InterruptedException {
        long start = System.nanoTime();
        for (int sent = first; sent < first + count; sent += BATCH) {
            List<ProducerRecord<String, String>> batch = new ArrayList<>();
            for (int i = sent; i < sent + BATCH; i++) {
                batch.add(new ProducerRecord<>(topic, "customer", i + " " + FILLING));
            }
            topics.produce(batch);
            readers.awaitEvents(Math.max(0, sent - BATCH), LIMIT);
        }
        readers.awaitEvents(first + count, LIMIT);
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
