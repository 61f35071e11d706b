package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch whose checksum is wrong on the broker's disk holds up those alone who have to read it. */
class CorruptBatchIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** The window of a server that starts is filled with older records. */
    private static final String FEW = "few";

    /** So many that a server that starts looks at the last of them to see how large they are. */
    private static final String MANY = "many";

    private static final int RECORDS_OF_MANY = 100;
    private static final int RECORDS_OF_FEW = 5;
    private static final int RECORDS_AFTER = 3;

    private static final int BATCH_LENGTH_AT = 8;
    private static final int BATCH_LENGTH_FROM = 12;
    private static final int FIRST_RECORD_AT = 61;

    private static KafkaBroker broker;

    @BeforeAll
    static void corrupt(@TempDir Path folder) throws Exception {
        broker = KafkaBroker.start(folder, 0);
        fill(FEW, RECORDS_OF_FEW);
        fill(MANY, RECORDS_OF_MANY);
        broker.stop();
        corrupt(folder, FEW, RECORDS_OF_FEW - RECORDS_AFTER);
        corrupt(folder, MANY, RECORDS_OF_MANY - RECORDS_AFTER);
        broker.restart();
    }

    @AfterAll
    static void close() {
        broker.close();
    }

    /** Each record has a batch of its own. */
    private static void fill(String topic, int records) {
        broker.topics().createNamed(topic, 1);
        IntStream.range(0, records).forEach(i -> broker.topics().produce(topic, "k", "older " + i));
    }

    private static void corrupt(Path folder, String topic, int batch) throws IOException {
        Path log = folder.resolve("data/" + topic + "-0/00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(log);
        int at = 0;
        for (int i = 0; i < batch; i++) {
            at += BATCH_LENGTH_FROM + ByteBuffer.wrap(bytes).getInt(at + BATCH_LENGTH_AT);
        }
        bytes[at + FIRST_RECORD_AT + 1] ^= 1;
        Files.write(log, bytes);
    }

    private static WebServer server(String topic) throws Exception {
        return WebServer.Kind.JETTY.start(
                Map.of("topic", topic, "kafka-broker-url", broker.bootstrapServers(), "keep-alive-millis", "500"));
    }

    private static SseClient open(WebServer server, String query) throws Exception {
        SseClient client = SseClient.to(server.uri("/kafka-sse" + query)).open();
        client.awaitText("stream-position", LIMIT);
        return client;
    }

    private static void assertGets(SseClient client, String topic, String value) {
        broker.topics().produce(topic, "k", value);
        client.awaitText("data: " + value + "\n", LIMIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {FEW, MANY})
    void shouldNotHoldUpWhoFollowsTheEndWhenAServerStarts(String topic) throws Exception {
        try (WebServer server = server(topic);
                SseClient latest = open(server, "")) {
            assertGets(latest, topic, "first");
            Beans.only()
                    .awaitFeed(
                            topic,
                            feed -> "following".equals(feed.get("state"))
                                    && feed.get("lastError").toString().contains(topic + "-0"));
            try (SseClient another = open(server, "");
                    SseClient resumed = SseClient.to(server.uri("/kafka-sse"))
                            .header("Last-Event-ID", latest.lastEventId())
                            .open()) {
                assertGets(latest, topic, "second");
                another.awaitText("data: second\n", LIMIT);
                resumed.awaitText("data: second\n", LIMIT);
                assertFalse(resumed.rawText().contains("first"), resumed::toString);
            }
        }
    }

    @Test
    void shouldHoldUpWhoHasToReadItAndLeaveNothingOut() throws Exception {
        try (WebServer server = server(FEW);
                SseClient earliest = open(server, "?offset=earliest")) {
            earliest.awaitText("data: older 1\n", LIMIT);
            try (SseClient latest = open(server, "")) {
                assertGets(latest, FEW, "beside");
                assertGets(latest, FEW, "still beside");
            }
            assertEquals(
                    2,
                    earliest.events().stream()
                            .filter(event -> event.data().startsWith("older"))
                            .count(),
                    earliest::toString);
            assertFalse(earliest.rawText().contains("beside"), earliest::toString);
            assertFalse(earliest.rawText().contains("stream-gap"), earliest::toString);
        }
    }
}
