package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client sees of a broker that goes away and comes back: silence, and then all that was written. */
@Timeout(900)
class OutageIT {
    /** How long the broker is away: more of them by the system property of that name. */
    private static final int OUTAGE_SECONDS = Integer.getInteger("outage.seconds", 1);

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(7);
    private static final int RESTARTS = 3;
    private static final int ROUND = 300;
    private static final int KEEP_ALIVE_MILLIS = 200;
    private static final int KEEP_ALIVES = OUTAGE_SECONDS * 1000 / KEEP_ALIVE_MILLIS;

    @Test
    void shouldGoOnWithNothingLostOrRepeatedWhenTheBrokerIsKilledInMidStream(@TempDir Path folder) throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0)) {
            String topic = broker.topics().create("outage", 1);
            try (WebServer server = serverOf(broker, topic);
                    SseClient client = SseClient.to(server.uri("/kafka-sse")).open();
                    Stream stream = new Stream(broker, topic)) {
                client.awaitOpen(LIMIT);
                stream.start();
                stream.awaitAcknowledged(ROUND);

                broker.kill();
                awaitKeepAlives(client);
                broker.restart();
                stream.awaitAcknowledged(stream.acknowledged() + ROUND);
                stream.end();

                assertGotAll(client, committed(broker, topic, stream.acknowledged()));
            }
        }
    }

    @Test
    void shouldGetAllThatIsWrittenAfterItsStreamWasOpenedWhileTheBrokerWasAway(@TempDir Path folder) throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0)) {
            String topic = broker.topics().create("outage", 1);
            broker.kill();
            try (WebServer server = serverOf(broker, topic);
                    SseClient client = SseClient.to(server.uri("/kafka-sse")).open()) {
                client.awaitOpen(LIMIT);
                awaitKeepAlives(client);
                broker.restart();
                try (Stream stream = new Stream(broker, topic)) {
                    stream.start();
                    stream.awaitAcknowledged(ROUND);
                    stream.end();
                    assertGotAll(client, committed(broker, topic, stream.acknowledged()));
                }
            }
        }
    }

    /**
     * A broker that holds the only replica gives up its partitions before it goes. The admin client, which told of that,
     * does not connect again for half a minute, as it has several addresses to try.
     */
    @Test
    void shouldGoOnWithinSecondsAfterAnOrderlyRestart(@TempDir Path folder) throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0)) {
            String topic = broker.topics().create("outage", 1);
            try (WebServer server = serverOf(broker.bootstrapServers() + ",localhost:" + broker.port(), topic);
                    SseClient client = SseClient.to(server.uri("/kafka-sse")).open()) {
                client.awaitText("stream-position", LIMIT);
                for (int i = 0; i < RESTARTS; i++) {
                    broker.restart();
                    broker.topics().produce(topic, "customer", Integer.toString(i));
                    client.awaitText("data: " + i + "\n", SOON);
                }
            }
        }
    }

    private static WebServer serverOf(KafkaBroker broker, String topic) throws Exception {
        return serverOf(broker.bootstrapServers(), topic);
    }

    private static WebServer serverOf(String bootstrapServers, String topic) throws Exception {
        return WebServer.Kind.JETTY.start(Map.of(
                "topic",
                topic,
                "kafka-broker-url",
                bootstrapServers,
                "keep-alive-millis",
                Integer.toString(KEEP_ALIVE_MILLIS)));
    }

    private static void awaitKeepAlives(SseClient client) {
        int before = client.comments().size();
        Await.until(
                "keep-alives while the broker is away",
                LIMIT.plusSeconds(2L * OUTAGE_SECONDS),
                () -> client.comments().size() >= before + KEEP_ALIVES,
                client::comments);
    }

    private static void assertGotAll(SseClient client, List<String> committed) {
        client.awaitEvents(1 + committed.size(), LIMIT);
        assertEquals(committed, data(client));
        assertEquals(Integer.toString(committed.size() - 1), client.lastEventId());
        assertFalse(client.endedCleanly());
    }

    private static List<String> data(SseClient client) {
        return client.events().stream()
                .filter(event -> !event.type().equals("stream-position"))
                .map(SseClient.Event::data)
                .toList();
    }

    /** All that a consumer of the test's own reads from the topic, which must be no less than what was acknowledged. */
    private static List<String> committed(KafkaBroker broker, String topic, int least) {
        List<String> read = new ArrayList<>();
        Map<String, Object> settings = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            assertEquals(least, end);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    read.add(record.value());
                }
            }
        }
        return read;
    }

    /** Records one after the other, each with the next number, until closed. */
    private static final class Stream implements AutoCloseable {
        private final AtomicInteger acknowledged = new AtomicInteger();
        private final Producer<String, String> producer;
        private final String topic;
        private final Thread thread = new Thread(this::run, "outage-producer");
        private volatile boolean closed;

        Stream(KafkaBroker broker, String topic) {
            this.producer = broker.topics().producer();
            this.topic = topic;
        }

        void start() {
            thread.start();
        }

        private void run() {
            for (int i = 0; !closed; i++) {
                producer.send(new ProducerRecord<>(topic, "customer", Integer.toString(i)), (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.incrementAndGet();
                    }
                });
                LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
            }
        }

        int acknowledged() {
            return acknowledged.get();
        }

        void awaitAcknowledged(int count) {
            Await.until(count + " records", LIMIT, () -> acknowledged.get() >= count, acknowledged::get);
        }

        /** No record is sent after this, and what becomes of all is known. */
        void end() {
            closed = true;
            Await.until("the producer's end", LIMIT, () -> !thread.isAlive(), thread::getState);
            producer.flush();
        }

        @Override
        public void close() {
            closed = true;
            producer.close(Duration.ZERO);
        }
    }
}
