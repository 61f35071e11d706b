package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.KafkaNodes;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A partition whose only broker is down holds up nobody who does not need it, and nothing of it is lost or repeated. */
@Timeout(300)
class LeaderlessPartitionIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String TOPIC = "half-there";
    private static final int WELL = 0;
    private static final int BAD = 1;
    private static final int NODE_OF_BAD = 2;

    @TempDir
    Path folder;

    private KafkaNodes cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = KafkaNodes.start(folder);
        try (Admin admin = cluster.topics().admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Map.of(WELL, List.of(1), BAD, List.of(NODE_OF_BAD)))))
                    .all()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void produce(int partition, String... values) {
        cluster.topics()
                .produce(Arrays.stream(values)
                        .map(value -> new ProducerRecord<>(TOPIC, partition, "k", value))
                        .toList());
    }

    private WebServer server() throws Exception {
        return WebServer.Kind.JETTY.start(Map.of("topic", TOPIC, "kafka-broker-url", cluster.bootstrapServers()));
    }

    private static SseClient open(WebServer server, String query) throws Exception {
        return SseClient.to(server.uri("/kafka-sse" + query)).open();
    }

    private static SseClient resume(WebServer server, String id) throws Exception {
        return SseClient.to(server.uri("/kafka-sse"))
                .header("Last-Event-ID", id)
                .open();
    }

    private static List<String> values(SseClient client) {
        return client.events().stream()
                .filter(event -> !event.type().equals("stream-position"))
                .map(SseClient.Event::data)
                .toList();
    }

    private static void awaitValues(SseClient client, int count) {
        Await.until(count + " values", LIMIT, () -> values(client).size() >= count, client::toString);
    }

    private static void awaitFailing(String partitions) {
        Beans.only().awaitFeed(TOPIC, feed -> partitions.equals(feed.get("failingPartitions")));
    }

    @Test
    void shouldStartWithoutAPartitionThatHasNoLeaderAndCatchUpWithIt() throws Exception {
        produce(WELL, "well, before");
        produce(BAD, "bad, before");
        String id;
        try (WebServer server = server();
                SseClient first = open(server, "?offset=earliest")) {
            awaitValues(first, 2);
            id = first.lastEventId();
        }
        produce(BAD, "bad, while nobody followed");
        cluster.node(NODE_OF_BAD).kill();
        try (WebServer server = server();
                SseClient latest = open(server, "");
                SseClient earliest = open(server, "?offset=earliest");
                SseClient resumed = resume(server, id)) {
            latest.awaitText("stream-position", LIMIT);
            produce(WELL, "well, meanwhile");
            for (SseClient client : List.of(latest, earliest, resumed)) {
                client.awaitText("data: well, meanwhile\n", LIMIT);
            }
            awaitFailing(TOPIC + "-" + BAD);
            try (SseClient again = resume(server, resumed.lastEventId());
                    SseClient atOffset = open(server, "?offset=0:0,1:1")) {
                produce(WELL, "well, still");
                again.awaitText("data: well, still\n", LIMIT);
                atOffset.awaitText("data: well, still\n", LIMIT);
            }
            cluster.node(NODE_OF_BAD).restart();
            produce(BAD, "bad, after");
            for (SseClient client : List.of(latest, earliest, resumed)) {
                client.awaitText("data: bad, after\n", LIMIT);
            }
            awaitFailing("");
            assertEquals(List.of("well, meanwhile", "well, still", "bad, after"), values(latest));
            awaitValues(earliest, 6);
            awaitValues(resumed, 4);
            assertEquals(
                    List.of("bad, before", "bad, while nobody followed", "bad, after"),
                    values(earliest).stream()
                            .filter(value -> value.startsWith("bad"))
                            .toList());
            assertEquals(
                    List.of("bad, while nobody followed", "bad, after"),
                    values(resumed).stream()
                            .filter(value -> value.startsWith("bad"))
                            .toList());
            try (SseClient again = resume(server, latest.lastEventId())) {
                produce(WELL, "well, at last");
                again.awaitText("data: well, at last\n", LIMIT);
                assertEquals(List.of("well, at last"), values(again));
            }
        }
    }

    @Test
    void shouldGoOnInTheOthersWhenAPartitionLosesItsLeader() throws Exception {
        try (WebServer server = server();
                SseClient client = open(server, "")) {
            client.awaitText("stream-position", LIMIT);
            produce(WELL, "well, before");
            produce(BAD, "bad, before");
            awaitValues(client, 2);
            cluster.node(NODE_OF_BAD).kill();
            produce(WELL, "well, meanwhile");
            client.awaitText("data: well, meanwhile\n", LIMIT);
            awaitFailing(TOPIC + "-" + BAD);
            try (SseClient resumed = resume(server, client.lastEventId());
                    SseClient latest = open(server, "");
                    SseClient earliest = open(server, "?offset=earliest");
                    SseClient beforeEnd = open(server, "?offset=-1")) {
                latest.awaitText("stream-position", LIMIT);
                beforeEnd.awaitText("stream-position", LIMIT);
                produce(WELL, "well, later");
                for (SseClient each : List.of(resumed, latest, earliest, beforeEnd)) {
                    each.awaitText("data: well, later\n", LIMIT);
                }
                cluster.node(NODE_OF_BAD).restart();
                produce(BAD, "bad, after");
                for (SseClient each : List.of(client, resumed, latest, earliest, beforeEnd)) {
                    each.awaitText("data: bad, after\n", LIMIT);
                }
                awaitFailing("");
                assertEquals(
                        List.of("bad, after", "bad, before", "well, before", "well, later", "well, meanwhile"),
                        values(earliest).stream().sorted().toList());
                assertEquals(
                        List.of("bad, after", "bad, before", "well, later", "well, meanwhile"),
                        values(beforeEnd).stream().sorted().toList());
                assertEquals(List.of("well, later", "bad, after"), values(resumed));
                assertEquals(List.of("well, later", "bad, after"), values(latest));
            }
        }
    }
}
