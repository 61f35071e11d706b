package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The event that says that all of the past has been sent. */
class LiveEventIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    @OnEachContainer
    void shouldComeOnceAfterThePast(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("live", 1);
        for (int i = 0; i < 3; i++) {
            TOPICS.produce(topic, "k", "past");
        }
        try (SseClient client = SseClient.to(
                        SERVERS.of(kind).uri("/kafka-sse/" + topic + "?offset=earliest&live-event=live"))
                .open()) {
            client.awaitText("event: live\ndata: {}\n\n", LIMIT);
            TOPICS.produce(topic, "k", "present");
            client.awaitText("data: present\n\n", LIMIT);
            assertEquals(
                    "id: 0\nevent: k\ndata: past\n\nid: 1\nevent: k\ndata: past\n\nid: 2\nevent: k\ndata: past\n\n"
                            + "id: 2\nevent: live\ndata: {}\n\nid: 3\nevent: k\ndata: present\n\n",
                    client.rawText().substring(client.rawText().indexOf("id: 0\n")));
        }
    }

    @OnEachContainer
    void shouldFollowTheFirstPositionOfALiveStart(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("live", 1);
        TOPICS.produce(topic, "k", "past");
        try (SseClient client = SseClient.to(
                        SERVERS.of(kind).uri("/kafka-sse/" + topic + "?live-event=live&event=none"))
                .open()) {
            client.awaitText("event: live\ndata: {}\n\n", LIMIT);
            assertEquals(
                    "id: 0\nevent: stream-position\ndata: \n\nid: 0\nevent: live\ndata: {}\n\n",
                    client.rawText().replaceFirst("retry: [0-9]+\n\n", ""));
        }
    }
}
