package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.Beside;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What operators see while the brokers are away: nothing of it depends on the container. Most of the time is spent waiting,
 * so both happen at the same time, each with a broker and an engine of its own.
 */
class MetricsAwayIT {
    /** Several windows. */
    private static final int RECORDS = 100;

    private static final int RECORD_BYTES = 4096;

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration ALL = Duration.ofSeconds(280);
    private static final String TOPIC = "away";
    private static final String FOLLOWING = "metrics-following";
    private static final String REPLAYING = "metrics-replaying";

    private static Beside following;
    private static Beside replaying;

    @BeforeAll
    static void begin(@TempDir Path folder) {
        following = Beside.start(FOLLOWING, () -> showThatBrokersAreAwayAndBack(folder.resolve(FOLLOWING)));
        replaying = Beside.start(REPLAYING, () -> showThatOlderRecordsCannotBeRead(folder.resolve(REPLAYING)));
    }

    /** The folder lasts as long as one of them needs it. */
    @AfterAll
    static void end() {
        Await.until("the end of both", ALL, () -> following.isDone() && replaying.isDone(), () -> "one goes on");
    }

    @Test
    void shouldShowThatBrokersAreAwayAndBack() throws Exception {
        following.assertDone(ALL);
    }

    @Test
    void shouldShowThatOlderRecordsCannotBeRead() throws Exception {
        replaying.assertDone(ALL);
    }

    /** A server whose engine has this name. */
    private static WebServer server(String name, String brokers, Map<String, String> others) throws Exception {
        Map<String, String> settings = new HashMap<>(others);
        settings.put("kafka-broker-url", brokers);
        settings.put("topic", TOPIC);
        return WebServer.Kind.JETTY.deploy(new WebServer.OneServlet(name, new KafkaSseServlet(), settings, true));
    }

    private static void awaitState(Beans.Bean bean, String state) {
        bean.awaitFeed(TOPIC, feed -> state.equals(feed.get("state")));
    }

    private static void showThatBrokersAreAwayAndBack(Path folder) throws Exception {
        int port = JavaProcess.freePort();
        try (WebServer server = server(FOLLOWING, "127.0.0.1:" + port, Map.of());
                SseClient client = SseClient.to(server.uri("/kafka-sse")).open()) {
            Beans.Bean bean = Beans.ofEngine(FOLLOWING);
            bean.await("OpeningConnections", 1);
            assertEquals("starting", bean.feed(TOPIC).get("state"));
            assertEquals(-1L, bean.feed(TOPIC).get("lastAnswerAgeMillis"));
            assertEquals(-1L, bean.feed(TOPIC).get("lagRecords"));
            awaitState(bean, "failing");
            assertNotEquals("", bean.feed(TOPIC).get("lastError"));
            assertTrue((long) bean.feed(TOPIC).get("consecutiveFailures") > 0);
            try (KafkaBroker broker = KafkaBroker.start(folder, port)) {
                broker.topics().createNamed(TOPIC, 1);
                client.awaitText("stream-position", LIMIT);
                assertAwayAndBack(bean, broker);
            }
        }
    }

    private static void assertAwayAndBack(Beans.Bean bean, KafkaBroker broker) {
        awaitState(bean, "following");
        bean.await("LiveConnections", 1);
        assertEquals(0L, bean.feed(TOPIC).get("consecutiveFailures"));
        long failures = bean.number("FeedFailures");
        assertEquals(failures, bean.feed(TOPIC).get("failures"));
        broker.kill();
        awaitState(bean, "failing");
        assertTrue(bean.number("FeedFailures") > failures);
        assertTrue((long) bean.feed(TOPIC).get("lastAnswerAgeMillis") >= 10_000);
        assertNotEquals("", bean.feed(TOPIC).get("lastError"));
        broker.restart();
        awaitState(bean, "following");
        assertEquals(0L, bean.feed(TOPIC).get("consecutiveFailures"));
    }

    private static void showThatOlderRecordsCannotBeRead(Path folder) throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder, 0);
                WebServer server = server(REPLAYING, broker.bootstrapServers(), Map.of("window-bytes", "65536"))) {
            broker.topics().createNamed(TOPIC, 1);
            for (int i = 0; i < RECORDS; i++) {
                broker.topics().produce(TOPIC, "k", "v".repeat(RECORD_BYTES));
            }
            try (SseClient first = SseClient.to(server.uri("/kafka-sse")).open()) {
                first.awaitText("stream-position", LIMIT);
                Beans.Bean bean = Beans.ofEngine(REPLAYING);
                assertEquals(0, bean.number("ReplayFailures"));
                broker.kill();
                try (SseClient second =
                        SseClient.to(server.uri("/kafka-sse?last-event-id=-1")).open()) {
                    bean.await("ReplayConsecutiveFailures", count -> count > 0);
                    assertTrue(bean.number("ReplayFailures") > 0);
                    assertNotEquals("", bean.get("LastReplayError"));
                    broker.restart();
                    second.awaitText("id: " + (RECORDS - 1) + "\n", LIMIT);
                    bean.await("ReplayConsecutiveFailures", 0);
                }
            }
        }
    }
}
