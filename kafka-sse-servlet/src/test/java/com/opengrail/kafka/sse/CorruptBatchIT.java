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
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch whose checksum is wrong on the broker's disk holds up those alone who have to read it. */
class CorruptBatchIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** A partition that cannot be read is tried again after half a minute. */
    private static final Duration RETRY = Duration.ofSeconds(60);

    /** The window of a server that starts is filled with older records. */
    private static final String FEW = "few";

    /** So many that a server that starts looks at the last of them to see how large they are. */
    private static final String MANY = "many";

    /** Its first partition has a corrupt batch, the second one more records than a small window holds. */
    private static final String TWO = "two";

    /** Its corrupt batch comes while a server follows it. */
    private static final String LATER = "later";

    private static final int RECORDS_OF_SECOND = 60;
    private static final int RECORD_BYTES = 4096;

    private static final int RECORDS_OF_MANY = 100;
    private static final int RECORDS_OF_FEW = 5;
    private static final int RECORDS_AFTER = 3;

    private static final int BATCH_LENGTH_AT = 8;
    private static final int BATCH_LENGTH_FROM = 12;
    private static final int FIRST_RECORD_AT = 61;

    private static KafkaBroker broker;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void corrupt() throws Exception {
        broker = KafkaBroker.start(folder, 0);
        fill(FEW, 1, RECORDS_OF_FEW);
        fill(MANY, 1, RECORDS_OF_MANY);
        fillTwo();
        fill(LATER, 2, RECORDS_OF_FEW);
        broker.stop();
        corrupt(FEW, RECORDS_OF_FEW - RECORDS_AFTER);
        corrupt(MANY, RECORDS_OF_MANY - RECORDS_AFTER);
        corrupt(TWO, RECORDS_OF_FEW - RECORDS_AFTER);
        broker.restart();
    }

    @AfterAll
    static void close() {
        broker.close();
    }

    /** Each record has a batch of its own. */
    private static void fill(String topic, int partitions, int records) {
        broker.topics().createNamed(topic, partitions);
        IntStream.range(0, records).forEach(i -> produce(topic, 0, "older " + i));
    }

    private static void fillTwo() {
        fill(TWO, 2, RECORDS_OF_FEW);
        IntStream.range(0, RECORDS_OF_SECOND).forEach(i -> produce(TWO, 1, i + "v".repeat(RECORD_BYTES)));
    }

    private static void produce(String topic, int partition, String value) {
        broker.topics().produce(List.of(new ProducerRecord<>(topic, partition, "k", value)));
    }

    /** Writes a batch once more, as one that comes later. */
    private static void repeat(String topic, int batch, long offset) throws IOException {
        Path log = log(topic);
        byte[] bytes = Files.readAllBytes(log);
        int from = start(bytes, batch);
        byte[] copy = Arrays.copyOfRange(bytes, from, start(bytes, batch + 1));
        // The checksum does not cover the offset.
        ByteBuffer.wrap(copy).putLong(offset);
        Files.write(log, copy, StandardOpenOption.APPEND);
    }

    private static Path log(String topic) {
        return folder.resolve("data/" + topic + "-0/00000000000000000000.log");
    }

    private static int start(byte[] bytes, int batch) {
        int at = 0;
        for (int i = 0; i < batch; i++) {
            at += BATCH_LENGTH_FROM + ByteBuffer.wrap(bytes).getInt(at + BATCH_LENGTH_AT);
        }
        return at;
    }

    /** The second call for the same batch mends it. */
    private static void corrupt(String topic, int batch) throws IOException {
        Path log = log(topic);
        byte[] bytes = Files.readAllBytes(log);
        bytes[start(bytes, batch) + FIRST_RECORD_AT + 1] ^= 1;
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

    /** What brings a good copy of a batch is another leader, usually. */
    @Test
    void shouldFlowBesideItAndContinueWithItOnceItIsMended() throws Exception {
        try (WebServer server = server(LATER);
                WebServer small = WebServer.Kind.JETTY.start(
                        Map.of("topic", TWO, "kafka-broker-url", broker.bootstrapServers(), "window-bytes", "65536"));
                SseClient following = open(server, "");
                SseClient replaying = open(small, "?offset=earliest")) {
            broker.stop();
            repeat(LATER, 1, RECORDS_OF_FEW);
            corrupt(LATER, RECORDS_OF_FEW);
            broker.restart();
            replaying.awaitText("data: " + (RECORDS_OF_SECOND - 1) + "v", RETRY);
            assertFlowsBesideIt(following, LATER);
            assertFlowsBesideIt(replaying, TWO);
            assertEquals(List.of(), older(following));
            assertEquals(List.of("older 0", "older 1"), older(replaying));
            broker.stop();
            corrupt(LATER, RECORDS_OF_FEW);
            corrupt(TWO, RECORDS_OF_FEW - RECORDS_AFTER);
            broker.restart();
            following.awaitText("data: older 1\n", RETRY);
            replaying.awaitText("data: older " + (RECORDS_OF_FEW - 1) + "\n", RETRY);
            assertEquals(List.of("older 1"), older(following));
            assertEquals(
                    IntStream.range(0, RECORDS_OF_FEW)
                            .mapToObj(i -> "older " + i)
                            .toList(),
                    older(replaying));
            long ofKey = replaying.events().stream()
                    .filter(event -> "k".equals(event.type()))
                    .count();
            assertEquals(RECORDS_OF_FEW + RECORDS_OF_SECOND + 1, ofKey);
            assertFalse(replaying.rawText().contains("stream-gap"), replaying::toString);
        }
    }

    private static void assertFlowsBesideIt(SseClient client, String topic) {
        produce(topic, 1, "beside");
        client.awaitText("data: beside\n", RETRY);
    }

    private static List<String> older(SseClient client) {
        return client.events().stream()
                .map(SseClient.Event::data)
                .filter(data -> data.startsWith("older"))
                .toList();
    }
}
