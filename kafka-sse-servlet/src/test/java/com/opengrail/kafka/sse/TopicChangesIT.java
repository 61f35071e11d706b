package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Topics that come, grow, go and come again while clients follow them. */
@Timeout(180)
class TopicChangesIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Topics topics = KafkaBroker.shared().topics();
    private WebServer server;

    @BeforeEach
    void start() throws Exception {
        start("kafka.metadata.max.age.ms", "1000");
    }

    private void start(String... settings) throws Exception {
        Map<String, String> all = new HashMap<>();
        all.put("allowed-topics", ".*");
        all.put("kafka-broker-url", KafkaBroker.shared().bootstrapServers());
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        server = WebServer.Kind.JETTY.start(all);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private SseClient open(String topic) throws Exception {
        return SseClient.to(server.uri("/kafka-sse/" + topic)).open();
    }

    private SseClient resume(String topic, String id) throws Exception {
        return SseClient.to(server.uri("/kafka-sse/" + topic))
                .header("Last-Event-ID", id)
                .open();
    }

    private static List<String> data(SseClient client) {
        return client.events().stream()
                .filter(event -> !event.type().equals("stream-position"))
                .map(SseClient.Event::data)
                .toList();
    }

    private void produce(String topic, int partition, String value) {
        topics.produce(List.of(new ProducerRecord<>(topic, partition, "customer", value)));
    }

    @Test
    void shouldStreamPartitionsAddedWhileConnectedAndNameThemInTheId() throws Exception {
        String topic = topics.create("grows", 1);
        try (SseClient client = open(topic)) {
            client.awaitText("stream-position", LIMIT);
            produce(topic, 0, "before");
            client.awaitText("before", LIMIT);
            String idBefore = client.lastEventId();
            assertEquals("0", idBefore);

            try (Admin admin = topics.admin()) {
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3)))
                        .all()
                        .get();
            }
            produce(topic, 2, "in a new partition");
            client.awaitText("in a new partition", LIMIT);
            String idAfter = client.lastEventId();
            assertFalse(idAfter.matches("-?[0-9]+"), idAfter);

            produce(topic, 1, "in another new one");
            produce(topic, 0, "in the old one");
            client.awaitText("in the old one", LIMIT);
            client.awaitText("in another new one", LIMIT);
            assertEquals(4, data(client).size(), client::toString);
            assertResumes(topic, idBefore, 3);
            assertResumes(topic, idAfter, 2);
            assertResumes(topic, client.lastEventId(), 0);
        }
    }

    /** Resumes, gets what it has missed, each once, and then what is new. */
    private void assertResumes(String topic, String id, int missed) throws Exception {
        try (SseClient resumed = resume(topic, id)) {
            resumed.awaitText("stream-position", LIMIT);
            assertEquals(200, resumed.status());
            String last = "after " + UUID.randomUUID();
            produce(topic, 1, last);
            resumed.awaitText(last, LIMIT);
            List<String> data = data(resumed).stream()
                    .filter(value -> !value.startsWith("after"))
                    .toList();
            assertEquals(missed, data.size(), resumed::toString);
            assertEquals(missed, data.stream().distinct().count(), resumed::toString);
        }
    }

    @Test
    void shouldAnswer404ForATopicThatDoesNotExistAndStreamItOnceItDoes() throws Exception {
        String topic = "later-" + UUID.randomUUID();
        try (SseClient client = open(topic)) {
            client.awaitOpen(LIMIT);
            assertEquals(404, client.status());
        }
        topics.createNamed(topic, 1);
        try (SseClient client = open(topic)) {
            client.awaitText("stream-position", LIMIT);
            assertEquals(200, client.status());
            topics.produce(topic, "customer", "first");
            client.awaitText("first", LIMIT);
        }
    }

    /** The page may be opened before the topic of the settings is created: what is produced then is all for it. */
    @Test
    void shouldWaitForATopicOfTheSettings() throws Exception {
        String topic = "awaited-" + UUID.randomUUID();
        try (Servers ofIts = Servers.ofSharedBroker();
                SseClient client = SseClient.to(
                                ofIts.of(WebServer.Kind.JETTY, "topic", topic, "keep-alive-millis", "100")
                                        .uri("/kafka-sse"))
                        .open()) {
            client.awaitText(":\n:\n:\n", LIMIT);
            assertEquals(200, client.status());
            topics.createNamed(topic, 1);
            topics.produce(topic, "customer", "first");
            topics.produce(topic, "customer", "second");
            client.awaitText("second", LIMIT);
            assertEquals(List.of("first", "second"), data(client));
        }
    }

    @Test
    void shouldTellAndGoOnWhenATopicIsDeletedAndCreatedAnewWithFewerRecords() throws Exception {
        assertGoesOnAfterRecreation(5, 2);
    }

    @Test
    void shouldTellAndGoOnWhenATopicIsDeletedAndCreatedAnewWithMoreRecords() throws Exception {
        assertGoesOnAfterRecreation(2, 5);
    }

    private void assertGoesOnAfterRecreation(int recordsBefore, int recordsAfter) throws Exception {
        String topic = topics.create("recreated", 1);
        try (SseClient client = open(topic)) {
            client.awaitText("stream-position", LIMIT);
            List<ProducerRecord<String, String>> before = new ArrayList<>();
            List<ProducerRecord<String, String>> after = new ArrayList<>();
            for (int i = 0; i < recordsBefore; i++) {
                before.add(new ProducerRecord<>(topic, 0, "customer", "old " + i));
            }
            for (int i = 0; i < recordsAfter; i++) {
                after.add(new ProducerRecord<>(topic, 0, "customer", "new " + i));
            }
            topics.produce(before);
            client.awaitText("old " + (recordsBefore - 1), LIMIT);

            recreate(topic, 1);
            client.awaitText("stream-gap", LIMIT);
            topics.produce(after);
            Await.until(
                    "all new records",
                    LIMIT,
                    () -> data(client).contains("new " + (recordsAfter - 1)),
                    client::toString);
            List<String> seen = data(client).stream()
                    .filter(value -> value.startsWith("new "))
                    .toList();
            assertEquals(after.stream().map(ProducerRecord::value).toList(), seen, client::toString);
            assertEquals(
                    1,
                    client.events().stream()
                            .filter(event -> event.type().equals("stream-gap"))
                            .count(),
                    client::toString);
        }
    }

    /**
     * The consumer asks for its next records only after the new topic holds more than the old one did: it notices nothing,
     * and would go on in the middle.
     */
    @Test
    void shouldTellAndStartOverWhenATopicCreatedAnewIsFilledBeforeItIsLookedAt() throws Exception {
        stop();
        start("kafka.retry.backoff.ms", "3000", "kafka.retry.backoff.max.ms", "3000");
        String topic = topics.create("recreated", 1);
        try (SseClient client = open(topic)) {
            client.awaitText("stream-position", LIMIT);
            produceAll(topic, "old ", 3);
            client.awaitText("old 2", LIMIT);
            recreate(topic, 1);
            produceAll(topic, "new ", 9);
            client.awaitMatch(events -> dataAfterGap(events).contains("new 8"), LIMIT);
            assertTrue(client.rawText().contains("\"reason\":\"recreated\""), client::toString);
            produceAll(topic, "newer ", 1);
            client.awaitText("newer 0", LIMIT);
            List<String> expected =
                    IntStream.range(0, 9).mapToObj(i -> "new " + i).collect(Collectors.toList());
            expected.add("newer 0");
            assertEquals(expected, dataAfterGap(client.events()), client::toString);
        }
    }

    private void produceAll(String topic, String prefix, int count) {
        topics.produce(IntStream.range(0, count)
                .mapToObj(i -> new ProducerRecord<>(topic, 0, "customer", prefix + i))
                .toList());
    }

    private static List<String> dataAfterGap(List<SseClient.Event> events) {
        return events.stream()
                .dropWhile(event -> !event.type().equals("stream-gap"))
                .filter(event -> event.type().equals("customer"))
                .map(SseClient.Event::data)
                .toList();
    }

    /** A browser that is refused does not come back: an id of the new topic must be good for any server. */
    @Test
    void shouldGiveIdsOfTheNewTopicAfterATopicHasBeenCreatedAnew() throws Exception {
        String topic = topics.create("recreated", 2);
        String id;
        try (SseClient client = open(topic)) {
            client.awaitText("stream-position", LIMIT);
            produce(topic, 0, "old 0");
            produce(topic, 1, "old 1");
            client.awaitText("old 1", LIMIT);
            recreate(topic, 2);
            client.awaitText("stream-gap", LIMIT);
            produce(topic, 1, "new 1");
            client.awaitText("new 1", LIMIT);
            assertTrue(client.rawText().contains("\"reason\":\"recreated\""), client::toString);
            id = client.lastEventId();
        }
        stop();
        start();
        try (SseClient client = resume(topic, id)) {
            client.awaitText("stream-position", LIMIT);
            assertEquals(200, client.status());
            produce(topic, 0, "new 0");
            client.awaitText("new 0", LIMIT);
            assertEquals(List.of("new 0"), data(client));
        }
    }

    /** Who follows a deleted topic waits for it. Who comes later is told that it does not exist. */
    @Test
    void shouldAnswer404ForADeletedTopicThatSomebodyStillFollows() throws Exception {
        String topic = topics.create("deleted", 1);
        try (SseClient follower = open(topic)) {
            follower.awaitText("stream-position", LIMIT);
            topics.delete(topic);
            Await.until("404", LIMIT, () -> statusOf(topic) == 404, () -> "still let in");
            assertEquals(404, statusOf(topic));
            topics.createNamed(topic, 1);
            Await.until("200", LIMIT, () -> statusOf(topic) == 200, () -> "still refused");
            try (SseClient newcomer = open(topic)) {
                newcomer.awaitText("stream-position", LIMIT);
                topics.produce(topic, "customer", "new");
                newcomer.awaitText("new", LIMIT);
            }
            follower.awaitText("new", LIMIT);
        }
    }

    private int statusOf(String topic) {
        try (SseClient client = open(topic)) {
            client.awaitOpen(LIMIT);
            return client.status();
        } catch (Exception e) {
            throw new AssertionError("no answer for " + topic, e);
        }
    }

    private void recreate(String topic, int partitions) throws Exception {
        topics.delete(topic);
        topics.createNamed(topic, partitions);
    }

    /** A producer's clock may be behind, and timestamps may be those of events. */
    @Test
    void shouldGiveAllRecordsOfATopicThatDidNotExistWhenThePageWasOpened() throws Exception {
        String present = topics.create("present", 1);
        for (String others : List.of("", present + ",")) {
            String late = "late-" + UUID.randomUUID();
            stop();
            start("topic", others + late, "kafka.metadata.max.age.ms", "1000", "keep-alive-millis", "300");
            try (SseClient client = SseClient.to(server.uri("/kafka-sse")).open()) {
                client.awaitText(":\n:\n:\n:\n", LIMIT);
                topics.produce(present, "k", "beside");
                topics.createNamed(late, 1);
                long longAgo = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
                topics.produce(List.of(
                        new ProducerRecord<>(late, 0, longAgo, "k", "first"),
                        new ProducerRecord<>(late, 0, longAgo, "k", "second")));
                client.awaitText("stream-position", LIMIT);
                topics.produce(late, "k", "third");
                client.awaitText("data: third\n", LIMIT);
                List<String> received = new ArrayList<>(data(client));
                assertEquals(!others.isEmpty(), received.remove("beside"));
                assertEquals(List.of("first", "second", "third"), received);
            }
        }
    }
}
