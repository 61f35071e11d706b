package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A client that is cut off at any moment and comes back with its last event id gets each record once and in order, while
 * records go on being produced.
 */
class ExactlyOnceIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_STREAM = Duration.ofMillis(500);
    private static final int RECORDS = 2400;
    private static final int AT_A_TIME = 4;

    /** One record in so many is called "wanted". */
    private static final int WANTED_EVERY = 50;

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    private final Random random = new Random(2026);
    private final List<SseClient.Event> taken = new ArrayList<>();
    private String lastEventId = "";
    private int streams;

    /** Produces all records, a few at a time, waiting for the broker's answer in between. */
    private static CompletableFuture<Void> produce(String topic, int partitions) {
        return CompletableFuture.runAsync(() -> {
            try (Producer<String, String> producer = TOPICS.producer()) {
                for (int i = 0; i < RECORDS; i++) {
                    producer.send(record(topic, partitions, i));
                    if (i % AT_A_TIME == 0) {
                        producer.flush();
                    }
                }
            }
        });
    }

    /**
     * Opens a stream and cuts it off after some events. What came after those while this side was about to cut counts as
     * not received, so that a cut falls between any two events however much comes at once.
     */
    private void takeSome(URI url, int most) throws IOException {
        int events = 1 + random.nextInt(most);
        SseClient client = open(url);
        try {
            client.awaitEvents(events, LONGEST_STREAM);
        } catch (AssertionError e) {
            // Less than that came in time: cut off all the same, what is missing shows in the end.
            assertFalse(client.endedCleanly(), e::getMessage);
        }
        client.close();
        List<SseClient.Event> received = client.events();
        keep(received.subList(0, Math.min(events, received.size())));
    }

    private SseClient open(URI url) throws IOException {
        SseClient client =
                SseClient.to(url).header("Last-Event-ID", lastEventId).open();
        client.awaitOpen(LIMIT);
        assertEquals(200, client.status(), client::toString);
        return client;
    }

    private void keep(List<SseClient.Event> received) {
        received.stream().filter(event -> !isPosition(event)).forEach(taken::add);
        if (!received.isEmpty()) {
            lastEventId = received.get(received.size() - 1).id();
        }
        streams++;
    }

    private static boolean isPosition(SseClient.Event event) {
        return event.type().equals("stream-position");
    }

    private void takeAll(URI url, int expected, int most) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (taken.size() < expected && System.nanoTime() < end) {
            takeSome(url, most);
        }
    }

    private void assertExactly(int partitions, int every) {
        for (int p = 0; p < partitions; p++) {
            int partition = p;
            assertEquals(
                    IntStream.range(0, RECORDS)
                            .filter(i -> i % every == 0 && i % partitions == partition)
                            .boxed()
                            .toList(),
                    taken.stream()
                            .map(event -> Integer.parseInt(event.data()))
                            .filter(i -> i % partitions == partition)
                            .toList(),
                    "partition " + p + " after " + streams + " streams");
        }
        assertTrue(streams > 10, "only " + streams + " streams");
    }

    private void cutOften(WebServer.Kind kind, int partitions) throws Exception {
        String topic = TOPICS.create("once", partitions);
        URI url = SERVERS.of(kind).uri("/kafka-sse/" + topic);
        takeSome(url, 1);
        CompletableFuture<Void> producer = produce(topic, partitions);
        takeAll(url, RECORDS, 120);
        producer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        assertExactly(partitions, 1);
    }

    @OnEachContainer
    void shouldStreamEachRecordOnceOverManyCutsOfOnePartition(WebServer.Kind kind) throws Exception {
        cutOften(kind, 1);
    }

    @OnEachContainer
    void shouldStreamEachRecordOnceOverManyCutsOfSeveralPartitions(WebServer.Kind kind) throws Exception {
        cutOften(kind, 5);
    }

    /** Each stream is cut off right after a position block that moved past records which its filter dropped. */
    @OnEachContainer
    void shouldStreamEachMatchOnceIfTheLastIdIsOfAPositionBlock(WebServer.Kind kind) throws Exception {
        int partitions = 3;
        String topic = TOPICS.create("once", partitions);
        URI url = SERVERS.of(kind, "keep-alive-millis", "10").uri("/kafka-sse/" + topic + "?event=wanted");
        takeSome(url, 1);
        for (int first = 0; first < RECORDS; first += WANTED_EVERY) {
            try (SseClient client = open(url)) {
                client.awaitEvents(1, LIMIT);
                TOPICS.produce(records(topic, partitions, first, first + WANTED_EVERY));
                keep(client.awaitMatch(ExactlyOnceIT::endsPastTheMatch, LIMIT));
            }
        }
        assertExactly(partitions, WANTED_EVERY);
    }

    private static boolean endsPastTheMatch(List<SseClient.Event> received) {
        int last = received.size() - 1;
        return last > 0 && isPosition(received.get(last)) && received.stream().anyMatch(event -> !isPosition(event));
    }

    private static List<ProducerRecord<String, String>> records(String topic, int partitions, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> record(topic, partitions, i))
                .toList();
    }

    private static ProducerRecord<String, String> record(String topic, int partitions, int i) {
        String key = i % WANTED_EVERY == 0 ? "wanted" : "other";
        return new ProducerRecord<>(topic, i % partitions, key, Integer.toString(i));
    }

    @OnEachContainer
    void shouldStreamEachRecordOnceAcrossRestartsOfTheContainer(WebServer.Kind kind) throws Exception {
        int partitions = 2;
        String topic = TOPICS.create("once", partitions);
        int port = JavaProcess.freePort();
        URI url = URI.create("http://127.0.0.1:" + port + "/kafka-sse/" + topic);
        Map<String, String> settings = SERVERS.settings("retry-millis", "100");
        CompletableFuture<Void> producer = null;
        for (int restart = 1; restart <= 3; restart++) {
            WebServer server = kind.start(port, new KafkaSseServlet(), settings);
            takeSome(url, 1);
            producer = producer == null ? produce(topic, partitions) : producer;
            takeAll(url, RECORDS * restart / 3, 250);
            stopUnderAStream(server, url);
        }
        try (WebServer server = kind.start(port, new KafkaSseServlet(), settings)) {
            takeAll(server.uri("/kafka-sse/" + topic), RECORDS, 250);
        }
        producer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        assertExactly(partitions, 1);
    }

    private void stopUnderAStream(WebServer server, URI url) throws IOException {
        try (SseClient client = open(url)) {
            server.close();
            client.awaitEnd(LIMIT);
            keep(client.events());
        }
    }
}
