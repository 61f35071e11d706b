package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.Beside;
import com.opengrail.kafka.sse.testing.DelayingProxy;
import com.opengrail.kafka.sse.testing.JavaProcess;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A partition whose only broker is down or silent holds up nobody who does not need it, and nothing of it is lost or repeated.
 * Most of the time is spent waiting, so all happens at the same time, each with brokers and an engine of its own.
 */
@Timeout(300)
class LeaderlessPartitionIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration ALL = Duration.ofSeconds(280);
    private static final String TOPIC = "half-there";
    private static final int WELL = 0;
    private static final int BAD = 1;
    private static final int NODE_OF_BAD = 2;

    private static Beside starting;
    private static Beside losing;
    private static Beside silent;

    @BeforeAll
    static void begin(@TempDir Path folder) {
        starting = Beside.start("starting", () -> {
            try (Cluster cluster = new Cluster("starting", folder)) {
                cluster.startWithoutAPartitionThatHasNoLeaderAndCatchUpWithIt();
            }
        });
        losing = Beside.start("losing", () -> {
            try (Cluster cluster = new Cluster("losing", folder)) {
                cluster.goOnInTheOthersWhenAPartitionLosesItsLeader();
            }
        });
        silent = Beside.start("silent", () -> {
            int port = JavaProcess.freePort();
            int announced = JavaProcess.freePort();
            KafkaNodes.Proxied proxied = new KafkaNodes.Proxied(port, announced);
            try (DelayingProxy proxy = new DelayingProxy(announced, port, Duration.ZERO);
                    Cluster cluster = new Cluster("silent", folder, Map.of(NODE_OF_BAD, proxied))) {
                cluster.goOnInTheOthersWhenALeaderDoesNotAnswer(proxy, "127.0.0.1:" + announced);
            }
        });
    }

    /** The folder lasts as long as one of them needs it. */
    @AfterAll
    static void end() {
        Await.until(
                "the end of all",
                ALL,
                () -> starting.isDone() && losing.isDone() && silent.isDone(),
                () -> "one goes on");
    }

    @Test
    void shouldStartWithoutAPartitionThatHasNoLeaderAndCatchUpWithIt() throws Exception {
        starting.assertDone(ALL);
    }

    @Test
    void shouldGoOnInTheOthersWhenAPartitionLosesItsLeader() throws Exception {
        losing.assertDone(ALL);
    }

    @Test
    void shouldGoOnInTheOthersAndTellWhenALeaderDoesNotAnswer() throws Exception {
        silent.assertDone(ALL);
    }

    /** Brokers with the topic, and the name of the engine that follows it. */
    private record Cluster(String name, KafkaNodes nodes) implements AutoCloseable {

        Cluster(String name, Path folder) throws Exception {
            this(name, folder, Map.of());
        }

        Cluster(String name, Path folder, Map<Integer, KafkaNodes.Proxied> proxied) throws Exception {
            this(name, KafkaNodes.start(folder.resolve(name), proxied));
            try (Admin admin = nodes.topics().admin()) {
                admin.createTopics(List.of(new NewTopic(TOPIC, Map.of(WELL, List.of(1), BAD, List.of(NODE_OF_BAD)))))
                        .all()
                        .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (Exception e) {
                nodes.close();
                throw e;
            }
        }

        @Override
        public void close() {
            nodes.close();
        }

        private void produce(int partition, String... values) {
            nodes.topics()
                    .produce(Arrays.stream(values)
                            .map(value -> new ProducerRecord<>(TOPIC, partition, "k", value))
                            .toList());
        }

        private WebServer server() throws Exception {
            return server(nodes.bootstrapServers());
        }

        private WebServer server(String bootstrapServers) throws Exception {
            Map<String, String> settings = Map.of("topic", TOPIC, "kafka-broker-url", bootstrapServers);
            return WebServer.Kind.JETTY.deploy(new WebServer.OneServlet(name, new KafkaSseServlet(), settings, true));
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

        private void awaitFailing(String partitions) {
            Beans.ofEngine(name).awaitFeed(TOPIC, feed -> partitions.equals(feed.get("failingPartitions")));
        }

        void startWithoutAPartitionThatHasNoLeaderAndCatchUpWithIt() throws Exception {
            produce(WELL, "well, before");
            produce(BAD, "bad, before");
            String id;
            try (WebServer server = server();
                    SseClient first = open(server, "?offset=earliest")) {
                awaitValues(first, 2);
                id = first.lastEventId();
            }
            produce(BAD, "bad, while nobody followed");
            nodes.node(NODE_OF_BAD).kill();
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
                nodes.node(NODE_OF_BAD).restart();
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

        /** The brokers know nothing of it: only clients cannot reach the leader. */
        void goOnInTheOthersWhenALeaderDoesNotAnswer(DelayingProxy proxy, String bootstrapServers) throws Exception {
            try (WebServer server = server(bootstrapServers);
                    SseClient client = open(server, "")) {
                client.awaitText("stream-position", LIMIT);
                produce(WELL, "well, before");
                produce(BAD, "bad, before");
                awaitValues(client, 2);
                proxy.holdBack(true);
                produce(BAD, "bad, meanwhile");
                awaitFailing(TOPIC + "-" + BAD);
                String id = client.lastEventId();
                produce(WELL, "well, meanwhile");
                try (SseClient resumed = SseClient.to(server.uri("/kafka-sse?live-event=live"))
                                .header("Last-Event-ID", id)
                                .open();
                        SseClient latest = open(server, "")) {
                    latest.awaitText("stream-position", LIMIT);
                    client.awaitText("data: well, meanwhile\n", LIMIT);
                    resumed.awaitText("data: well, meanwhile\n", LIMIT);
                    Map<String, Object> feed = Beans.ofEngine(name).feed(TOPIC);
                    assertEquals("following", feed.get("state"));
                    assertEquals(-1L, feed.get("lagRecords"));
                    proxy.holdBack(false);
                    for (SseClient each : List.of(client, resumed, latest)) {
                        each.awaitText("data: bad, meanwhile\n", LIMIT);
                    }
                    resumed.awaitText("event: live\n", LIMIT);
                    awaitFailing("");
                    assertEquals(List.of("bad, meanwhile", "{}"), withoutWell(resumed), "all of the past comes before");
                    assertEquals(List.of("bad, meanwhile"), withoutWell(latest));
                    assertEquals(List.of("bad, before", "bad, meanwhile"), withoutWell(client));
                }
            }
        }

        private static List<String> withoutWell(SseClient client) {
            return values(client).stream()
                    .filter(value -> !value.startsWith("well"))
                    .toList();
        }

        void goOnInTheOthersWhenAPartitionLosesItsLeader() throws Exception {
            try (WebServer server = server();
                    SseClient client = open(server, "")) {
                client.awaitText("stream-position", LIMIT);
                produce(WELL, "well, before");
                produce(BAD, "bad, before");
                awaitValues(client, 2);
                nodes.node(NODE_OF_BAD).kill();
                // Nobody knows yet that there is no leader: the answer takes longer than the headers wait.
                SseClient early = open(server, "?offset=-1");
                produce(WELL, "well, meanwhile");
                client.awaitText("data: well, meanwhile\n", LIMIT);
                awaitFailing(TOPIC + "-" + BAD);
                try (early;
                        SseClient resumed = resume(server, client.lastEventId());
                        SseClient latest = open(server, "");
                        SseClient earliest = open(server, "?offset=earliest");
                        SseClient beforeEnd = open(server, "?offset=-1")) {
                    latest.awaitText("stream-position", LIMIT);
                    beforeEnd.awaitText("stream-position", LIMIT);
                    produce(WELL, "well, later");
                    for (SseClient each : List.of(early, resumed, latest, earliest, beforeEnd)) {
                        each.awaitText("data: well, later\n", LIMIT);
                    }
                    nodes.node(NODE_OF_BAD).restart();
                    produce(BAD, "bad, after");
                    for (SseClient each : List.of(client, early, resumed, latest, earliest, beforeEnd)) {
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
}
