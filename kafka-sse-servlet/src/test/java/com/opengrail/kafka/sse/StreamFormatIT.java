package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What comes over the wire, byte for byte. */
class StreamFormatIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String RETRY = "\\Aretry: [0-9]+\n\n";
    private static final String START = "id: -1\nevent: stream-position\ndata: \n\n";

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    private static SseClient open(WebServer server, String topic) throws Exception {
        SseClient client = SseClient.to(server.uri("/kafka-sse/" + topic)).open();
        client.awaitOpen(LIMIT);
        return client;
    }

    /** What follows the {@code retry} block once this record has been streamed. */
    private static String bodyOf(WebServer.Kind kind, String key, String value, String last) throws Exception {
        String topic = TOPICS.create("format", 1);
        try (SseClient client = open(SERVERS.of(kind), topic)) {
            TOPICS.produce(topic, key, value);
            client.awaitText(last, LIMIT);
            assertTrue(client.rawText().matches("(?s)" + RETRY + ".*"), client::toString);
            return client.rawText().replaceFirst(RETRY, "");
        }
    }

    @OnEachContainer
    void shouldAnswerWithTheHeadersOfAStreamThatNobodyHoldsBack(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("format", 1);
        try (SseClient client = open(SERVERS.of(kind), topic)) {
            assertEquals(200, client.status());
            assertEquals("text/event-stream;charset=UTF-8", client.header("Content-Type"));
            assertEquals("no-store, no-transform", client.header("Cache-Control"));
            assertEquals("nosniff", client.header("X-Content-Type-Options"));
            assertEquals("no", client.header("X-Accel-Buffering"));
            assertEquals(null, client.header("Content-Length"));
        }
    }

    @OnEachContainer
    void shouldWriteTheFormatOfTheSeed(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("format", 1);
        try (SseClient client = open(SERVERS.of(kind), topic)) {
            TOPICS.produce(topic, "customer", "{\"id\" 745 \"message\" \"Hello SSE\"}");
            TOPICS.produce(topic, "product-campaign", "{\"id\" 964 \"message\" \"Hello SSE\"}");
            client.awaitText("964 \"message\" \"Hello SSE\"}\n\n", LIMIT);
            assertEquals(
                    START + "id: 0\nevent: customer\ndata: {\"id\" 745 \"message\" \"Hello SSE\"}\n\n"
                            + "id: 1\nevent: product-campaign\ndata: {\"id\" 964 \"message\" \"Hello SSE\"}\n\n",
                    client.rawText().replaceFirst(RETRY, ""));
        }
    }

    /** WebKit adds it to what it has kept of an event in which its last connection broke. */
    @OnEachContainer
    void shouldEndTheEventThatAWebKitHasKept(WebServer.Kind kind) throws Exception {
        String safari = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
        String chrome =
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";
        String topic = TOPICS.create("format", 1);
        TOPICS.produce(topic, "k", "v");
        assertEquals(":\nid: -1\nevent: stream-cut\ndata: \n\n", beforeRetry(kind, topic, safari, "-1"));
        assertEquals(":\nid: \nevent: stream-cut\ndata: \n\n", beforeRetry(kind, topic, safari, ""));
        assertEquals("", beforeRetry(kind, topic, safari, "no id"));
        assertEquals("", beforeRetry(kind, topic, chrome, "-1"));
    }

    private static String beforeRetry(WebServer.Kind kind, String topic, String agent, String id) throws Exception {
        SseClient.Request request = SseClient.to(SERVERS.of(kind).uri("/kafka-sse/" + topic))
                .header("User-Agent", agent)
                .header("Last-Event-ID", id);
        try (SseClient client = request.open()) {
            client.awaitText("retry: ", LIMIT);
            return client.rawText().replaceFirst("(?s)retry: .*", "");
        }
    }

    @OnEachContainer
    void shouldLeaveOutTheEventLineOfARecordWithoutKey(WebServer.Kind kind) throws Exception {
        assertEquals(START + "id: 0\ndata: v\n\n", bodyOf(kind, null, "v", "data: v\n\n"));
    }

    @OnEachContainer
    void shouldWriteAnEmptyDataLineForARecordWithoutValue(WebServer.Kind kind) throws Exception {
        assertEquals(START + "id: 0\nevent: k\ndata: \n\n", bodyOf(kind, "k", null, "k\ndata: \n\n"));
    }

    @OnEachContainer
    void shouldStartADataLineWithEachLineOfTheValue(WebServer.Kind kind) throws Exception {
        assertEquals(
                START + "id: 0\nevent: k\ndata: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\ndata: \n\n",
                bodyOf(kind, "k", "a\rb\nc\r\nd\n\re\n", "e\ndata: \n\n"));
    }

    @OnEachContainer
    void shouldNotLetAKeyForgeAFieldOrAnEvent(WebServer.Kind kind) throws Exception {
        assertEquals(
                START + "id: 0\nevent: k id: 99  data: forged  id: 98 x\ndata: v\n\n",
                bodyOf(kind, "k\nid: 99\r\ndata: forged\n\nid: 98\0x", "v", "data: v\n\n"));
    }

    @OnEachContainer
    void shouldNotLetAKeyPassForAnEventOfTheStream(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("format", 1);
        for (String key : List.of("open", "error", "stream-gap", "stream-cut", "stream-position", "opened")) {
            TOPICS.produce(topic, key, "v");
        }
        URI filtered = SERVERS.of(kind).uri("/kafka-sse/" + topic + "?offset=0&event=_.*,error,opened");
        try (SseClient live = open(SERVERS.of(kind), topic);
                SseClient replaying = SseClient.to(filtered).open()) {
            replaying.awaitText("event: opened\ndata: v\n\n", LIMIT);
            assertEquals(
                    List.of("_open", "_error", "_stream-gap", "_stream-cut", "_stream-position", "opened"),
                    replaying.events().stream()
                            .map(SseClient.Event::type)
                            .filter(type -> !type.equals("stream-position"))
                            .toList());
            TOPICS.produce(topic, "error", "v");
            live.awaitText("event: _error\ndata: v\n\n", LIMIT);
        }
    }

    @OnEachContainer
    void shouldNotLetAValueForgeAFieldOrAnEvent(WebServer.Kind kind) throws Exception {
        assertEquals(
                START + "id: 0\nevent: k\ndata: v\ndata: \ndata: id: 99\ndata: event: forged\n\n",
                bodyOf(kind, "k", "v\n\nid: 99\nevent: forged", "event: forged\n\n"));
    }

    @OnEachContainer
    void shouldKeepTextOfAnyLanguage(WebServer.Kind kind) throws Exception {
        assertEquals(
                START + "id: 0\nevent: Straße-日本\ndata: Ğ\u2028😀\u0085 é\n\n",
                bodyOf(kind, "Straße-日本", "Ğ\u2028😀\u0085 é", "é\n\n"));
    }

    @OnEachContainer
    void shouldPassOnBytesThatAreNoTextSoThatEveryOtherEventIsReadAsItIs(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("format", 1);
        byte[] binary = {(byte) 0xff, 0, 'a', (byte) 0xc3, '\n', (byte) 0xe2, (byte) 0x82};
        WebServer server = SERVERS.of(kind, "kafka.value.deserializer", ByteArrayDeserializer.class.getName());
        try (SseClient client = open(server, topic)) {
            TOPICS.produceBytes(topic, "binary", binary);
            TOPICS.produce(topic, "text", "v");
            List<SseClient.Event> events = client.awaitEvents(3, LIMIT);
            assertEquals(new SseClient.Event("0", "binary", "\ufffd\0a\ufffd\n\ufffd"), events.get(1));
            assertEquals(new SseClient.Event("1", "text", "v"), events.get(2));
        }
    }

    @OnEachContainer
    void shouldWriteNumbersInDecimal(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("format", 1);
        WebServer server = SERVERS.of(kind, "kafka.value.deserializer", LongDeserializer.class.getName());
        try (SseClient client = open(server, topic)) {
            TOPICS.produceBytes(topic, "k", new byte[] {0, 0, 0, 0, 0, 0, 1, 0});
            TOPICS.produceBytes(topic, "k", new byte[] {1, 2, 3});
            TOPICS.produceBytes(topic, "k", new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
            client.awaitText("data: -1\n\n", LIMIT);
            // The second one is no number of eight bytes and skipped.
            assertEquals(
                    START + "id: 0\nevent: k\ndata: 256\n\nid: 2\nevent: k\ndata: -1\n\n",
                    client.rawText().replaceFirst(RETRY, ""));
        }
    }

    @OnEachContainer
    void shouldSpreadTheReconnectionTimeOverHalfToOneAndAHalf(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("format", 1);
        List<Long> told = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            try (SseClient client = open(SERVERS.of(kind), topic)) {
                client.awaitText("stream-position\ndata: \n\n", LIMIT);
                assertEquals(1, client.retries().size());
                told.addAll(client.retries());
            }
        }
        assertTrue(told.stream().allMatch(millis -> millis >= 1000 && millis <= 3000), told::toString);
        assertTrue(told.stream().anyMatch(millis -> millis < 1800), told::toString);
        assertTrue(told.stream().anyMatch(millis -> millis > 2200), told::toString);
        assertTrue(new HashSet<>(told).size() > 10, told::toString);
    }

    @OnEachContainer
    void shouldBeginWithABareCommentWhereThereIsNoReconnectionTime(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("format", 1);
        try (SseClient client = open(SERVERS.of(kind, "retry-millis", "0"), topic)) {
            client.awaitText("stream-position\ndata: \n\n", LIMIT);
            assertEquals(":\n" + START, client.rawText());
        }
    }

    @OnEachContainer
    void shouldRenameThePositionEvent(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("format", 1);
        try (SseClient client = open(SERVERS.of(kind, "position-event", "where-we-are"), topic)) {
            client.awaitText("data: \n\n", LIMIT);
            assertEquals(
                    "id: -1\nevent: where-we-are\ndata: \n\n", client.rawText().replaceFirst(RETRY, ""));
        }
    }

    @OnEachContainer
    void shouldWriteThePositionAsALineAloneIfItsEventIsNone(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("format", 1);
        try (SseClient client = open(SERVERS.of(kind, "position-event", "none"), topic)) {
            client.awaitText("id: -1\n\n", LIMIT);
            TOPICS.produce(topic, "k", "v");
            client.awaitText("data: v\n\n", LIMIT);
            assertEquals(
                    "id: -1\n\nid: 0\nevent: k\ndata: v\n\n", client.rawText().replaceFirst(RETRY, ""));
        }
    }

    @OnEachContainer
    void shouldKeepASilentStreamAliveWithBareComments(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("format", 1);
        WebServer server = SERVERS.of(kind, "keep-alive-millis", "500");
        // What takes its time when a topic is followed for the first time is over then.
        open(server, topic).close();
        long before = System.nanoTime();
        try (SseClient client = open(server, topic)) {
            client.awaitText("\n\n:\n", LIMIT);
            long first = System.nanoTime();
            client.awaitText("\n\n:\n:\n:\n:\n", LIMIT);
            long last = System.nanoTime();
            // A thread that looks late would see too little time between the first and the last.
            long all = (last - before) / 1_000_000;
            assertTrue(all >= 2000, "4 keep-alives of 500 ms came within " + all + " ms");
            long three = (last - first) / 1_000_000;
            assertTrue(three >= 1000 && three <= 2500, "3 keep-alives of 500 ms took " + three + " ms");
            assertTrue(client.rawText().matches("(?s)" + RETRY + START + "(:\n)+"), client::toString);
        }
    }

    @OnEachContainer
    void shouldNotKeepAliveAStreamThatIsNotSilent(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("format", 1);
        WebServer server = SERVERS.of(kind, "keep-alive-millis", "1500");
        long last = System.nanoTime();
        long lastButOne = last;
        try (SseClient client = open(server, topic)) {
            long end = System.nanoTime() + Duration.ofMillis(3500).toNanos();
            int events = 1;
            long silences = 0;
            while (System.nanoTime() < end) {
                TOPICS.produce(topic, "k", "v");
                client.awaitEvents(++events, LIMIT);
                // Where the machine is too busy for another event in time, the stream may be silent so often.
                long now = System.nanoTime();
                silences += TimeUnit.NANOSECONDS.toMillis(now - lastButOne) / 1500;
                lastButOne = last;
                last = now;
            }
            assertTrue(client.comments().size() <= silences, client::toString);
        }
    }

    @OnEachContainer
    void shouldGiveSixteenPartitionsAnOpaqueIdOfABoundedLength(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("format", 16);
        try (SseClient client = open(SERVERS.of(kind), topic)) {
            List<ProducerRecord<String, String>> records = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                records.add(new ProducerRecord<>(topic, i % 16, "k", "v" + i));
            }
            TOPICS.produce(records);
            List<SseClient.Event> events = client.awaitEvents(65, LIMIT);
            assertEquals("stream-position", events.get(0).type());
            assertEquals(65, events.stream().map(SseClient.Event::id).distinct().count());
            events.forEach(event -> assertTrue(event.id().matches("[A-Za-z0-9_-]{1,128}"), event::toString));
            assertFalse(events.stream().anyMatch(event -> event.id().matches("-?[0-9]+")), events::toString);
        }
    }
}
