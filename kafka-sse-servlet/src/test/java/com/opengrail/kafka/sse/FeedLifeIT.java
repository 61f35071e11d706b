package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Footprint;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A feed lives as long as it has clients, and a little longer. */
@Timeout(120)
class FeedLifeIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Topics topics = KafkaBroker.shared().topics();

    @BeforeEach
    void awaitQuiet() {
        Await.until(
                "the threads of tests before", LIMIT, () -> Footprint.threads().isEmpty(), Footprint::threads);
    }

    @Test
    void shouldLetGoOfKafkaSomeSecondsAfterTheLastClientAndStartAgainWithTheNext() throws Exception {
        String topic = topics.create("feed-life", 1);
        try (WebServer server = WebServer.Kind.JETTY.start(
                Map.of("topic", topic, "kafka-broker-url", KafkaBroker.shared().bootstrapServers()))) {
            assertEquals(List.of(), feeds());
            try (SseClient client = SseClient.to(server.uri("/kafka-sse")).open()) {
                client.awaitText("stream-position", LIMIT);
                topics.produce(topic, "customer", "for the first");
                client.awaitText("for the first", LIMIT);
                assertEquals(List.of("kafka-sse-kafka-sse-feed-1"), feeds());
            }
            Await.until("the feed's end", LIMIT, () -> feeds().isEmpty(), FeedLifeIT::feeds);
            assertEquals(0, Footprint.consumers());
            topics.produce(topic, "customer", "for nobody");

            try (SseClient client = SseClient.to(server.uri("/kafka-sse"))
                    .header("Last-Event-ID", "0")
                    .open()) {
                client.awaitText("for nobody", LIMIT);
                topics.produce(topic, "customer", "for the second");
                client.awaitText("for the second", LIMIT);
                assertEquals(List.of("kafka-sse-kafka-sse-feed-2"), feeds());
            }
        }
    }

    private static List<String> feeds() {
        return Footprint.threads().stream()
                .filter(name -> name.contains("-feed-"))
                .toList();
    }
}
