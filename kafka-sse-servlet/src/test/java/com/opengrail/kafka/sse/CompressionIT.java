package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients get that accept gzip: the stream of those that do not, to the byte, as soon as it is written. */
class CompressionIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String RETRY = "\\Aretry: [0-9]+\n\n";

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    private static SseClient.Request to(WebServer server, String pathAndQuery) {
        return SseClient.to(server.uri("/kafka-sse/" + pathAndQuery));
    }

    private static SseClient gzip(WebServer server, String pathAndQuery) throws Exception {
        return to(server, pathAndQuery).header("Accept-Encoding", "gzip").open();
    }

    private static SseClient plain(WebServer server, String pathAndQuery) throws Exception {
        return to(server, pathAndQuery).open();
    }

    private static void produce(String topic, int from, int to) {
        Random random = new Random(from);
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            String value = "{\"order\":" + i + ",\"customer\":\"c-" + random.nextInt(10_000) + "\",\"amount\":"
                    + random.nextInt(100_000) + ",\"currency\":\"EUR\",\"state\":\"accepted\",\"text\":\"Grüße\"}";
            records.add(new ProducerRecord<>(topic, i % 3 == 0 ? "order" : "payment", value));
        }
        TOPICS.produce(records);
    }

    private static String body(SseClient client) {
        return client.rawText().replaceFirst(RETRY, "");
    }

    private static void awaitRecord(SseClient client, int number) {
        client.awaitMatch(
                events -> !events.isEmpty()
                        && events.get(events.size() - 1).data().startsWith("{\"order\":" + number + ","),
                LIMIT);
    }

    private static void assertCompressed(SseClient client) {
        client.awaitOpen(LIMIT);
        assertEquals(200, client.status());
        assertEquals("gzip", client.header("Content-Encoding"));
        assertNull(client.header("Content-Length"));
    }

    private static List<String> vary(SseClient client) {
        return Arrays.stream(client.header("Vary").split(",")).map(String::trim).toList();
    }

    @OnEachContainer
    void shouldGiveTheBytesOfTheUncompressedStream(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("gzip", 1);
        WebServer server = SERVERS.of(kind);
        try (SseClient plain = plain(server, topic);
                SseClient gzip = gzip(server, topic);
                SseClient other = gzip(server, topic)) {
            for (SseClient each : List.of(plain, gzip, other)) {
                each.awaitText("id: -1\nevent: stream-position\ndata: \n\n", LIMIT);
            }
            assertCompressed(gzip);
            assertNull(plain.header("Content-Encoding"));
            assertTrue(vary(plain).contains("Accept-Encoding"), plain.header("Vary"));
            assertTrue(vary(gzip).contains("Accept-Encoding"), gzip.header("Vary"));
            // Each write can be decoded at once: nothing else is written after it.
            for (int i = 0; i < 20; i++) {
                produce(topic, i, i + 1);
                awaitRecord(gzip, i);
                awaitRecord(other, i);
            }
            produce(topic, 20, 2000);
            for (SseClient each : List.of(plain, gzip, other)) {
                awaitRecord(each, 1999);
            }
            assertEquals(body(plain), body(gzip));
            assertEquals(body(plain), body(other));
            assertTrue(
                    gzip.wireBytes() < plain.wireBytes() / 2,
                    () -> gzip.wireBytes() + " bytes of " + plain.wireBytes());
        }
    }

    @OnEachContainer
    void shouldCompressReplaysAndWhatFiltersLeave(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("gzip", 1);
        produce(topic, 0, 6000);
        WebServer server = SERVERS.of(kind, "window-bytes", "65536");
        for (String filter : List.of("", "&event=order", "&event=o.*")) {
            String query = topic + "?offset=earliest" + filter;
            try (SseClient plain = plain(server, query);
                    SseClient gzip = gzip(server, query);
                    SseClient other = gzip(server, query)) {
                for (SseClient each : List.of(plain, gzip, other)) {
                    awaitRecord(each, filter.isEmpty() ? 5999 : 5997);
                }
                assertCompressed(gzip);
                assertEquals(body(plain), body(gzip));
                assertEquals(body(plain), body(other));
                assertTrue(
                        gzip.wireBytes() < plain.wireBytes() / 2,
                        () -> filter + ": " + gzip.wireBytes() + " bytes of " + plain.wireBytes());
            }
        }
    }

    @OnEachContainer
    void shouldCompressForAClientThatComesBack(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("gzip", 3);
        WebServer server = SERVERS.of(kind, "keep-alive-millis", "100");
        String id;
        try (SseClient first = gzip(server, topic)) {
            first.awaitText("stream-position\ndata: \n\n", LIMIT);
            produce(topic, 0, 500);
            awaitRecords(first, 500);
            id = first.lastEventId();
        }
        produce(topic, 500, 1000);
        try (SseClient plain = to(server, topic).header("Last-Event-ID", id).open();
                SseClient gzip = to(server, topic)
                        .header("Last-Event-ID", id)
                        .header("Accept-Encoding", "gzip, deflate, br")
                        .open()) {
            for (SseClient each : List.of(plain, gzip)) {
                awaitRecords(each, 500);
            }
            produce(topic, 1000, 1500);
            for (SseClient each : List.of(plain, gzip)) {
                awaitRecords(each, 1000);
            }
            assertEquals(records(plain.events()), records(gzip.events()));
            gzip.awaitText("\n:\n", LIMIT);
            assertFalse(gzip.comments().isEmpty());
        }
    }

    private static void awaitRecords(SseClient client, int count) {
        client.awaitMatch(events -> records(events).size() == count, LIMIT);
    }

    /** The values, in an order of their own: none is promised between partitions. */
    private static List<String> records(List<SseClient.Event> events) {
        return events.stream()
                .filter(event -> !event.type().startsWith("stream-"))
                .map(SseClient.Event::data)
                .sorted()
                .toList();
    }

    @OnEachContainer
    void shouldCompressGapsAndPositions(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("gzip", 1);
        produce(topic, 0, 10);
        WebServer server = SERVERS.of(kind, "keep-alive-millis", "100");
        try (SseClient gzip = to(server, topic + "?event=never")
                .header("Last-Event-ID", "99")
                .header("Accept-Encoding", "gzip")
                .open()) {
            gzip.awaitText("event: stream-gap\n", LIMIT);
            produce(topic, 10, 20);
            gzip.awaitText("id: 19\nevent: stream-position\n", LIMIT);
            assertCompressed(gzip);
        }
    }

    @ParameterizedTest
    @CsvSource({"JETTY, gzip;q=0", "JETTY, br", "TOMCAT, gzip;q=0", "TOMCAT, identity"})
    void shouldNotCompressForWhoDoesNotAcceptIt(WebServer.Kind kind, String accepted) throws Exception {
        String topic = TOPICS.create("gzip", 1);
        try (SseClient client =
                to(SERVERS.of(kind), topic).header("Accept-Encoding", accepted).open()) {
            client.awaitText("id: -1\n", LIMIT);
            assertNull(client.header("Content-Encoding"));
            assertTrue(vary(client).contains("Accept-Encoding"), client.header("Vary"));
        }
    }

    @OnEachContainer
    void shouldCompressNothingWhereItIsTurnedOff(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("gzip", 1);
        try (SseClient client = gzip(SERVERS.of(kind, "compression", "none"), topic)) {
            client.awaitText("id: -1\n", LIMIT);
            assertNull(client.header("Content-Encoding"));
            assertFalse(vary(client).contains("Accept-Encoding"), client.header("Vary"));
        }
    }

    @OnEachContainer
    void shouldAnswerHeadLikeGetAndErrorsAsTheyAre(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("gzip", 1);
        WebServer server = SERVERS.of(kind);
        try (SseClient head = to(server, topic)
                        .method("HEAD")
                        .header("Accept-Encoding", "gzip")
                        .open();
                SseClient error = gzip(server, topic + "?offset=x")) {
            assertCompressed(head);
            assertTrue(vary(head).contains("Accept-Encoding"), head.header("Vary"));
            error.awaitEnd(LIMIT);
            assertEquals(400, error.status());
            assertNull(error.header("Content-Encoding"));
            assertTrue(error.rawText().startsWith("offset"), error::rawText);
        }
    }

    @OnEachContainer
    void shouldSendTheWholeAnswerUncompressedWhereThereIsNoPlace(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("gzip", 1);
        WebServer server = SERVERS.of(kind, "max-connections", "1");
        try (SseClient first = gzip(server, topic)) {
            first.awaitText("id: -1\n", LIMIT);
            try (SseClient second = gzip(server, topic)) {
                second.awaitEnd(LIMIT);
                assertEquals(200, second.status());
                assertNull(second.header("Content-Encoding"));
                assertTrue(second.rawText().contains("too many"), second::rawText);
            }
        }
    }

    @OnEachContainer
    void shouldEndTheStreamWithAPositionAndATrailer(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("gzip", 1);
        WebServer server = SERVERS.of(kind, "max-connection-millis", "6000");
        try (SseClient quiet = gzip(server, topic);
                SseClient client = gzip(server, topic)) {
            quiet.awaitText("id: -1\n", LIMIT);
            client.awaitText("id: -1\n", LIMIT);
            produce(topic, 0, 300);
            for (SseClient each : List.of(quiet, client)) {
                each.awaitEnd(LIMIT);
                assertTrue(each.endedCleanly(), each::toString);
                each.assertGzipEnded();
                assertEquals(300, records(each.events()).size());
                assertTrue(each.rawText().endsWith("id: 299\nevent: stream-position\ndata: \n\n"), each::rawText);
            }
        }
    }

    @OnEachContainer
    void shouldLoseNothingForAClientThatReadsLate(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("gzip", 1);
        WebServer server = SERVERS.of(kind, "window-bytes", "1048576");
        try (SseClient late = to(server, topic)
                        .header("Accept-Encoding", "gzip")
                        .stuck()
                        .open();
                SseClient plain = plain(server, topic)) {
            late.awaitOpen(LIMIT);
            plain.awaitText("id: -1\n", LIMIT);
            produceRandom(topic, 4000);
            plain.awaitMatch(events -> events.size() == 4001, LIMIT);
            late.startReading();
            late.awaitMatch(events -> events.size() == 4001, LIMIT);
            assertEquals(records(plain.events()), records(late.events()));
            assertEquals(plain.lastEventId(), late.lastEventId());
        }
    }

    /** More than the system keeps for a connection, however well it compresses. */
    private static void produceRandom(String topic, int count) {
        Random random = new Random(42);
        byte[] bytes = new byte[1500];
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            random.nextBytes(bytes);
            records.add(new ProducerRecord<>(topic, "k", Base64.getEncoder().encodeToString(bytes)));
        }
        TOPICS.produce(records);
    }
}
