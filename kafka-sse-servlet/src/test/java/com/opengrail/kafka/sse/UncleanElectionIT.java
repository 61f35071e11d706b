package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.KafkaNodes;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica that has missed records becomes the leader: what only the others had is gone, and other records take its place. */
@Timeout(300)
class UncleanElectionIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String TOPIC = "unclean";
    private static final int LEADER = 1;
    private static final int STALE = 2;
    private static final int RECORDS = 10;

    @TempDir
    private Path folder;

    private KafkaNodes cluster;

    /** The third node has none of the records: it is there for the controllers, of which two have to be up. */
    @BeforeEach
    void start() throws Exception {
        cluster = KafkaNodes.start(folder);
        NewTopic topic = new NewTopic(TOPIC, Map.of(0, List.of(LEADER, STALE)))
                .configs(Map.of("unclean.leader.election.enable", "true", "min.insync.replicas", "1"));
        try (Admin admin = cluster.topics().admin()) {
            admin.createTopics(List.of(topic)).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void shouldTellOfTheTruncationAndGoOnWhereTheLogsDiverge() throws Exception {
        awaitLeader(LEADER, 2);
        try (WebServer server = WebServer.Kind.JETTY.start(
                        Map.of("topic", TOPIC, "kafka-broker-url", cluster.bootstrapServers()));
                SseClient client = SseClient.to(server.uri("/kafka-sse")).open()) {
            client.awaitText("stream-position", LIMIT);
            produce("both");
            cluster.node(STALE).kill();
            awaitLeader(LEADER, 1);
            produce("one");
            client.awaitText("data: one 9\n", LIMIT);
            cluster.node(LEADER).kill();
            cluster.node(STALE).restart();
            awaitLeader(STALE, 1);
            // The log grows past the end that the consumer has read.
            produce("other");
            produce("further");
            client.awaitText("data: further 9\n", LIMIT);
            assertTold(client);
        }
    }

    /** All that each replica had when it led, and the gap in between. */
    private static void assertTold(SseClient client) {
        List<SseClient.Event> events = client.events().stream()
                .filter(event -> !event.type().equals("stream-position"))
                .toList();
        List<String> wanted = Stream.of(
                        values("both"), values("one"), List.of("gap"), values("other"), values("further"))
                .flatMap(List::stream)
                .toList();
        assertEquals(wanted, events.stream().map(UncleanElectionIT::text).toList());
        String gap = events.get(2 * RECORDS).data();
        assertTrue(gap.contains("\"reason\":\"truncated\""), gap);
    }

    private static String text(SseClient.Event event) {
        return event.type().equals("stream-gap") ? "gap" : event.data();
    }

    private static List<String> values(String name) {
        return IntStream.range(0, RECORDS).mapToObj(i -> name + " " + i).toList();
    }

    private void produce(String name) {
        cluster.topics()
                .produce(values(name).stream()
                        .map(value -> new ProducerRecord<>(TOPIC, 0, "k", value))
                        .toList());
    }

    private void awaitLeader(int node, int inSync) throws Exception {
        try (Admin admin = cluster.topics().admin()) {
            Await.until(
                    "leader " + node + " with " + inSync + " in sync",
                    LIMIT,
                    () -> {
                        TopicPartitionInfo partition = describe(admin);
                        Node leader = partition.leader();
                        return leader != null
                                && leader.id() == node
                                && partition.isr().size() == inSync;
                    },
                    () -> describe(admin));
        }
    }

    private static TopicPartitionInfo describe(Admin admin) {
        try {
            return admin.describeTopics(List.of(TOPIC))
                    .allTopicNames()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .get(TOPIC)
                    .partitions()
                    .get(0);
        } catch (Exception e) {
            throw new AssertionError("no description of the topic", e);
        }
    }
}
