package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client for whom there is no place is told to come back later, in a way that a browser understands. */
class OverLimitIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    private static boolean isToldToComeBack(URI url) throws Exception {
        try (SseClient client = SseClient.to(url).open()) {
            // The first block of a stream may come before the one with its position.
            Await.until("an answer", LIMIT, () -> isPlaced(client) || client.endedCleanly(), client::toString);
            assertEquals(200, client.status());
            if (isPlaced(client)) {
                return false;
            }
            assertTrue(client.endedCleanly(), client::toString);
            assertEquals("text/event-stream;charset=UTF-8", client.header("Content-Type"));
            assertTrue(client.rawText().matches("retry: [0-9]+\n: [a-z ]+\n\n"), client::toString);
            long retry = client.retries().get(0);
            assertTrue(retry >= 5000 && retry <= 15000, client::toString);
            assertEquals(Long.toString((retry + 999) / 1000), client.header("Retry-After"));
            return true;
        }
    }

    private static boolean isPlaced(SseClient client) {
        return client.rawText().contains("stream-position");
    }

    /** Until this client is let in: those who left before have been noticed then. */
    private static void awaitPlace(URI url) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (isToldToComeBack(url)) {
            assertTrue(System.nanoTime() < end, "there is still no place");
        }
    }

    private static void assertLimited(WebServer server) throws Exception {
        URI url = server.uri("/kafka-sse/" + TOPICS.create("limit", 1));
        try (SseClient first = SseClient.to(url).open();
                SseClient second = SseClient.to(url).open()) {
            first.awaitText("id: -1\n", LIMIT);
            second.awaitText("id: -1\n", LIMIT);
            for (int i = 0; i < 5; i++) {
                assertTrue(isToldToComeBack(url));
            }
        }
        awaitPlace(url);
    }

    /** A page that uses fetch reads the header, if the server lets it. */
    @OnEachContainer
    void shouldLetPagesOfOtherOriginsReadWhenToComeBack(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(
                kind, "max-connections", "1", "keep-alive-millis", "50", "allowed-origins", "https://a.example");
        URI url = server.uri("/kafka-sse/" + TOPICS.create("limit", 1));
        try (SseClient first = SseClient.to(url).open()) {
            first.awaitText("id: -1\n", LIMIT);
            assertEquals("Retry-After", exposedTo("https://a.example", url));
            assertEquals(null, exposedTo("https://b.example", url));
        }
    }

    /** Whoever asks with HEAD whether there is a place gets no event, and does not see the block. */
    @OnEachContainer
    void shouldTellHeadWhenToComeBack(WebServer.Kind kind) throws Exception {
        for (String limit : new String[] {"max-connections", "max-connections-per-address"}) {
            WebServer server =
                    SERVERS.of(kind, limit, "1", "keep-alive-millis", "50", "allowed-origins", "https://a.example");
            URI url = server.uri("/kafka-sse/" + TOPICS.create("limit", 1));
            assertEquals(null, retryAfterOfHead(url));
            try (SseClient first = SseClient.to(url).open()) {
                first.awaitText("id: -1\n", LIMIT);
                for (int i = 0; i < 3; i++) {
                    int seconds = Integer.parseInt(retryAfterOfHead(url));
                    assertTrue(seconds >= 5 && seconds <= 15, () -> "Retry-After: " + seconds);
                }
            }
            awaitPlace(url);
        }
    }

    private static String retryAfterOfHead(URI url) throws Exception {
        try (SseClient client = SseClient.to(url)
                .method("HEAD")
                .header("Origin", "https://a.example")
                .open()) {
            client.awaitEnd(LIMIT);
            assertEquals(200, client.status());
            assertEquals("text/event-stream;charset=UTF-8", client.header("Content-Type"));
            assertEquals("", client.rawText());
            String seconds = client.header("Retry-After");
            assertEquals(seconds == null ? null : "Retry-After", client.header("Access-Control-Expose-Headers"));
            return seconds;
        }
    }

    private static String exposedTo(String origin, URI url) throws Exception {
        try (SseClient second = SseClient.to(url).header("Origin", origin).open()) {
            second.awaitEnd(LIMIT);
            return second.header("Access-Control-Expose-Headers");
        }
    }

    @OnEachContainer
    void shouldSendAwayWhoIsOverTheConnectionsThereMayBe(WebServer.Kind kind) throws Exception {
        assertLimited(SERVERS.of(kind, "max-connections", "2", "keep-alive-millis", "50"));
    }

    @OnEachContainer
    void shouldSendAwayWhoIsOverTheConnectionsOfAnAddress(WebServer.Kind kind) throws Exception {
        assertLimited(SERVERS.of(kind, "max-connections-per-address", "2", "keep-alive-millis", "50"));
    }

    @OnEachContainer
    void shouldSendAwayWhoAsksForOneMoreCombinationOfTopics(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(kind, "max-feeds", "1");
        String topic = TOPICS.create("limit", 1);
        String other = TOPICS.create("limit", 1);
        try (SseClient first = SseClient.to(server.uri("/kafka-sse/" + topic)).open();
                SseClient second =
                        SseClient.to(server.uri("/kafka-sse/" + topic)).open()) {
            first.awaitText("id: -1\n", LIMIT);
            second.awaitText("id: -1\n", LIMIT);
            assertTrue(isToldToComeBack(server.uri("/kafka-sse/" + other)));
            assertTrue(isToldToComeBack(server.uri("/kafka-sse/" + topic + "," + other)));
        }
    }
}
