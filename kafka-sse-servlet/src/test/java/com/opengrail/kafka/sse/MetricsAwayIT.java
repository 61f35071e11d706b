package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators see while the brokers are away: nothing of it depends on the container. */
class MetricsAwayIT {
    /** Several windows. */
    private static final int RECORDS = 100;

    private static final int RECORD_BYTES = 4096;

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TOPIC = "away";

    @TempDir
    private Path folder;

    private static void awaitState(Beans.Bean bean, String state) {
        bean.awaitFeed(TOPIC, feed -> state.equals(feed.get("state")));
    }

    @Test
    void shouldShowThatBrokersAreAwayAndBack() throws Exception {
        int port = JavaProcess.lastingPort();
        try (Servers servers = new Servers("127.0.0.1:" + port);
                SseClient client = SseClient.to(servers.of(WebServer.Kind.JETTY).uri("/kafka-sse/" + TOPIC))
                        .open()) {
            Beans.Bean bean = Beans.only();
            bean.await("OpeningConnections", 1);
            assertEquals("starting", bean.feed(TOPIC).get("state"));
            assertEquals(-1L, bean.feed(TOPIC).get("lastAnswerAgeMillis"));
            assertEquals(-1L, bean.feed(TOPIC).get("lagRecords"));
            awaitState(bean, "failing");
            assertNotEquals("", bean.feed(TOPIC).get("lastError"));
            assertTrue((long) bean.feed(TOPIC).get("consecutiveFailures") > 0);
            try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), port)) {
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

    @Test
    void shouldShowThatOlderRecordsCannotBeRead() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0);
                Servers servers = new Servers(broker.bootstrapServers())) {
            broker.topics().createNamed(TOPIC, 1);
            for (int i = 0; i < RECORDS; i++) {
                broker.topics().produce(TOPIC, "k", "v".repeat(RECORD_BYTES));
            }
            WebServer server = servers.of(WebServer.Kind.JETTY, "window-bytes", "65536");
            try (SseClient first =
                    SseClient.to(server.uri("/kafka-sse/" + TOPIC)).open()) {
                first.awaitText("stream-position", LIMIT);
                Beans.Bean bean = Beans.only();
                assertEquals(0, bean.number("ReplayFailures"));
                broker.kill();
                try (SseClient second = SseClient.to(server.uri("/kafka-sse/" + TOPIC + "?last-event-id=-1"))
                        .open()) {
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
