package com.opengrail.kafka.sse.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.KafkaNodes;
import com.opengrail.kafka.sse.testing.WebServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The leader of a partition is killed, and then the next one, while records go on being produced and streamed. */
@Timeout(300)
class LeaderChangeIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int PARTITIONS = 3;
    private static final int ROUND = 150;

    private final String topic = "leaders-" + UUID.randomUUID();
    private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(PARTITIONS);
    private volatile boolean ended;

    @Test
    void shouldGiveEachRecordOnceAndInOrderOverChangesOfLeaders(@TempDir Path folder) throws Exception {
        try (KafkaNodes cluster = KafkaNodes.start(folder);
                Admin admin = cluster.topics().admin();
                Producer<String, String> producer = cluster.topics().producer()) {
            createTopic(admin);
            try (WebServer server = WebServer.Kind.JETTY.start(Map.of(
                            "topic",
                            topic,
                            "kafka-broker-url",
                            cluster.bootstrapServers(),
                            "keep-alive-millis",
                            "500"));
                    RecklessClient steady = client("steady client", server);
                    RecklessClient reckless = client("reckless client", server)) {
                steady.calmDown();
                for (RecklessClient each : List.of(steady, reckless)) {
                    each.start();
                    Await.until(
                            "a start", LIMIT, () -> !each.journal().firstId().isEmpty(), () -> each);
                }
                Thread producing = new Thread(() -> produce(producer), "leader-change-producer");
                producing.start();
                changeLeaders(cluster, admin);
                reckless.calmDown();
                ended = true;
                Await.until("the producer's end", LIMIT, () -> !producing.isAlive(), producing::getState);
                CommittedLog log = CommittedLog.read(cluster.bootstrapServers(), topic, PARTITIONS);
                assertHasAll(log, steady);
                assertHasAll(log, reckless);
                assertEquals(0, steady.journal().resumptions(), "the steady client has been cut off");
                assertTrue(reckless.journal().resumptions() > 2, "the reckless client has not resumed");
            }
        }
    }

    private void createTopic(Admin admin) throws Exception {
        NewTopic replicated = new NewTopic(topic, PARTITIONS, (short) 3).configs(Map.of("min.insync.replicas", "2"));
        admin.createTopics(List.of(replicated)).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private RecklessClient client(String name, WebServer server) {
        URI all = server.uri("/kafka-sse?event=.*");
        return new RecklessClient(name, all, 0, new Random(2026));
    }

    private void changeLeaders(KafkaNodes cluster, Admin admin) {
        awaitRound();
        int first = leader(admin);
        cluster.node(first).kill();
        awaitRound();
        int second = leader(admin);
        assertNotEquals(first, second);
        cluster.node(first).restart();
        Await.until("all replicas", LIMIT, () -> allInSync(admin), () -> describe(admin));
        awaitRound();
        cluster.node(second).kill();
        awaitRound();
        assertNotEquals(second, leader(admin));
    }

    /** Waits until some more records of each partition have been acknowledged. */
    private void awaitRound() {
        int[] wanted = IntStream.range(0, PARTITIONS)
                .map(partition -> acknowledged.get(partition) + ROUND)
                .toArray();
        Await.until(
                ROUND + " more records in each partition",
                LIMIT,
                () -> IntStream.range(0, PARTITIONS)
                        .allMatch(partition -> acknowledged.get(partition) >= wanted[partition]),
                acknowledged::toString);
    }

    private int leader(Admin admin) {
        return describe(admin).partitions().get(0).leader().id();
    }

    private boolean allInSync(Admin admin) {
        return describe(admin).partitions().stream()
                .map(TopicPartitionInfo::isr)
                .mapToInt(List<Node>::size)
                .allMatch(size -> size == 3);
    }

    private TopicDescription describe(Admin admin) {
        try {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .get(topic);
        } catch (Exception e) {
            throw new AssertionError("no description of the topic", e);
        }
    }

    /** One record after the other, the partitions in turn, and a last one for each. */
    private void produce(Producer<String, String> producer) {
        int number = 0;
        while (!ended) {
            send(producer, number++, "record");
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        send(producer, number, TransactionalProducer.END);
        producer.flush();
    }

    private void send(Producer<String, String> producer, int number, String name) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            String value = partition + ":" + number + ":x";
            producer.send(new ProducerRecord<>(topic, partition, name, value), (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.incrementAndGet(metadata.partition());
                }
            });
        }
    }

    private static void assertHasAll(CommittedLog log, RecklessClient client) {
        Journal journal = client.journal();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int index = partition;
            Await.until(
                    "the last record of partition " + index,
                    LIMIT,
                    () -> journal.lastNumber(index) >= log.lastNumber(index),
                    () -> client + " has number " + journal.lastNumber(index) + " of " + log.lastNumber(index)
                            + journal.faults());
            assertEquals(
                    log.numbers(index, 0, name -> true),
                    journal.entries(index).stream().map(Journal.Entry::number).toList(),
                    client + ", partition " + index);
        }
        assertEquals(List.of(), journal.faults(), client::toString);
    }
}
