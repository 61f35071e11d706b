package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.Footprint;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.LeavingClient;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Thousands of clients that come and go in every way leave nothing behind, in memory as in the log. */
@Timeout(300)
class LeakIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CLIENTS = 5000;
    private static final int WAVE = 1000;

    /** More than the system keeps for a connection that nobody reads: 8 MB. */
    private static final int FILLING_RECORDS = 16;

    private static final String FILLING = "x".repeat(500_000);

    /**
     * Clients that were kept on purpose made 13 MB more on Tomcat, which reuses what it can, and 48 MB on Jetty. What differs
     * by itself, what readers of Kafka and the containers' pools hold at the moment, was 5 MB.
     */
    private static final long MOST_BYTES_MORE = 9L << 20;

    /** Files that the JVM opens for itself, such as jars. */
    private static final int MOST_DESCRIPTORS_MORE = 20;

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Logger ours = (Logger) LoggerFactory.getLogger("com.opengrail.kafka.sse");
    private final Topics topics = KafkaBroker.shared().topics();

    @BeforeEach
    void listen() {
        Await.until(
                "the threads of tests before", LIMIT, () -> Footprint.threads().isEmpty(), Footprint::threads);
        lines.start();
        ours.setLevel(Level.INFO);
        root.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(lines);
        ours.setLevel(null);
    }

    /** What there is of everything that clients might leave behind. */
    private record Held(Set<String> threads, int consumers, int brokerConnections, long descriptors, long heapBytes) {
        static Held now() throws Exception {
            return new Held(
                    Footprint.threads(),
                    Footprint.consumers(),
                    Footprint.brokerConnections(),
                    openDescriptors(),
                    liveBytes());
        }

        private static long openDescriptors() {
            return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                    .getOpenFileDescriptorCount();
        }

        /** Twice, since what the first collection finds may hold on to more until it has been cleaned up. */
        private static long liveBytes() {
            System.gc();
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }

        private void assertNotMoreThan(Held before) {
            assertEquals(before.threads, threads);
            assertTrue(
                    consumers <= before.consumers
                            && brokerConnections <= before.brokerConnections
                            && descriptors <= before.descriptors + MOST_DESCRIPTORS_MORE
                            && heapBytes <= before.heapBytes + MOST_BYTES_MORE,
                    () -> "before " + before + ", after " + this);
        }
    }

    @OnEachContainer
    void shouldKeepNothingOfClientsThatAreGone(WebServer.Kind kind) throws Exception {
        String topic = topics.create("leak", 1);
        Map<String, String> settings = Map.of(
                "topic", topic,
                "kafka-broker-url", KafkaBroker.shared().bootstrapServers(),
                "keep-alive-millis", "100",
                "stall-timeout-millis", "1000",
                "window-bytes", "1048576",
                "replay-bytes", "1048576",
                "replay-threads", "1");
        try (WebServer server = kind.start(settings);
                SseClient stays =
                        SseClient.to(server.uri("/kafka-sse?event=none")).open()) {
            stays.awaitText("stream-position", LIMIT);
            // Two waves, so that pools have been filled and the replay thread has its consumer.
            comeAndGo(server.uri("/kafka-sse"), topic);
            comeAndGo(server.uri("/kafka-sse"), topic);
            Held before = Held.now();
            for (int gone = 0; gone < CLIENTS; gone += WAVE) {
                comeAndGo(server.uri("/kafka-sse"), topic);
            }
            Held.now().assertNotMoreThan(before);
            assertEquals(0, Beans.only().number("ReplayingConnections"));
        }
        // The feed's thread may say so when the application has gone.
        Await.until("the end of the feed", LIMIT, () -> logged().size() >= 2, () -> logged());
        assertEquals(List.of("INFO Following " + topic, "INFO No longer following " + topic), logged());
    }

    private List<String> logged() {
        return List.copyOf(lines.list).stream()
                .map(line -> line.getLevel() + " " + line.getFormattedMessage()
                        + (line.getThrowableProxy() == null ? "" : " with a stack trace"))
                .filter(line -> !line.startsWith("INFO Settings of "))
                .toList();
    }

    /** One wave: most close or reset, some close their own side alone or never read, and are ended as stalled. */
    private void comeAndGo(URI url, String topic) throws Exception {
        List<LeavingClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < WAVE; i++) {
                clients.add(LeavingClient.open(url, LeavingClient.Way.of(i)));
            }
            for (LeavingClient client : clients) {
                client.readFirstBlock();
            }
            for (LeavingClient client : clients) {
                client.leave();
            }
            List<ProducerRecord<String, String>> filling = new ArrayList<>();
            for (int i = 0; i < FILLING_RECORDS; i++) {
                filling.add(new ProducerRecord<>(topic, "filling", FILLING));
            }
            topics.produce(filling);
            Beans.only().await("Connections", 1);
        } finally {
            for (LeavingClient client : clients) {
                client.close();
            }
        }
    }
}
