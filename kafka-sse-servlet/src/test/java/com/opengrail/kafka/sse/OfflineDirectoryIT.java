package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that has lost one of its disks stays up, and refuses each fetch of that disk's partitions at once. */
class OfflineDirectoryIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String TOPIC = "on-two-disks";
    private static final int PARTITIONS = 4;
    private static final long COUNTED_NANOS = Duration.ofSeconds(3).toNanos();
    private static final double MOST_FETCHES = 200;

    @TempDir
    private Path folder;

    @Test
    void shouldNotFetchOverAndOverWhatTheBrokerHasLost() throws Exception {
        Path lost = folder.resolve("lost");
        List<String> disks = List.of("log.dirs=" + folder.resolve("kept") + "," + lost);
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0, disks);
                Admin admin = broker.topics().admin();
                Producer<String, String> producer = broker.topics().producer()) {
            // An active segment that is old enough makes the broker write to the disk at the next record.
            NewTopic topic = new NewTopic(TOPIC, PARTITIONS, (short) 1).configs(Map.of("segment.ms", "1000"));
            admin.createTopics(List.of(topic)).all().get();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                producer.send(new ProducerRecord<>(TOPIC, partition, "k", "before"))
                        .get();
            }
            int onLost = partitionIn(lost);
            int onKept = partitionIn(folder.resolve("kept"));
            try (WebServer server = WebServer.Kind.JETTY.start(
                            Map.of("topic", TOPIC, "kafka-broker-url", broker.bootstrapServers()));
                    SseClient client = SseClient.to(server.uri("/kafka-sse")).open()) {
                client.awaitText("stream-position", LIMIT);
                Files.move(lost, folder.resolve("moved"));
                Files.createFile(lost);
                Beans.only().awaitFeed(TOPIC, feed -> {
                    // The broker notices when it begins a segment.
                    producer.send(new ProducerRecord<>(TOPIC, onLost, "k", "lost"));
                    return feed.get("failingPartitions").toString().contains(TOPIC + "-" + onLost);
                });
                double before = fetches();
                long start = System.nanoTime();
                Await.until("some time", LIMIT, () -> System.nanoTime() - start > COUNTED_NANOS, () -> "still waiting");
                double fetched = fetches() - before;
                assertTrue(fetched <= MOST_FETCHES, fetched + " fetches");
                producer.send(new ProducerRecord<>(TOPIC, onKept, "k", "meanwhile"));
                client.awaitText("data: meanwhile\n", LIMIT);
            } finally {
                producer.close(Duration.ZERO);
            }
        }
    }

    private static int partitionIn(Path disk) throws Exception {
        try (Stream<Path> logs = Files.list(disk)) {
            return logs.map(log -> log.getFileName().toString())
                    .filter(name -> name.startsWith(TOPIC + "-"))
                    .mapToInt(name -> Integer.parseInt(name.substring(TOPIC.length() + 1)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static double fetches() throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName all = new ObjectName("kafka.consumer:type=consumer-fetch-manager-metrics,client-id=*feed*");
        double sum = 0;
        for (ObjectName each : beans.queryNames(all, null)) {
            sum += ((Number) beans.getAttribute(each, "fetch-total")).doubleValue();
        }
        return sum;
    }
}
