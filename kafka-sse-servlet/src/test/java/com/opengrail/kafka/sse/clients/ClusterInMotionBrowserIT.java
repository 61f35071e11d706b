package com.opengrail.kafka.sse.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaNodes;
import com.opengrail.kafka.sse.testing.PartitionOrder;
import com.opengrail.kafka.sse.testing.SseSwarm;
import com.opengrail.kafka.sse.testing.SwarmStats;
import com.opengrail.kafka.sse.testing.WebServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers behind HAProxy and brokers are restarted one after the other, some of them killed, partitions are added, and
 * clients cut themselves off all the time: each client gets each record once and in order, and none is told to stay away.
 *
 * <p>What happens follows from the seed that is logged, timing aside. It needs HAProxy, so it runs with the tests of browsers.
 */
class ClusterInMotionBrowserIT {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterInMotionBrowserIT.class);
    private static final int SECONDS = Integer.getInteger("motion.seconds", 60);

    /** With twice as many, two processors are so busy that a minute becomes two and a half. */
    private static final int CLIENTS = Integer.getInteger("motion.clients", 1000);

    private static final long SEED = Long.getLong("motion.seed", new Random().nextInt(1_000_000_000));
    private static final Duration LIMIT = Duration.ofSeconds(120);

    /** Between two records of a partition: two processors that run all of it have time for so many. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final int MEMBERS = 3;
    private static final int PARTITIONS = 4;
    private static final int MORE_PARTITIONS = 6;

    /** About what a client gets in half a minute. */
    private static final int MOST_BYTES = 150_000;

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private final PartitionOrder.Counts counts = new PartitionOrder.Counts();
    private final List<ContainerProcess> containers = new ArrayList<>();
    private final List<String> blows = new ArrayList<>();
    private final String topic = "in-motion";
    private KafkaNodes cluster;

    /** Something that is taken down and brought up again. */
    private record Member(String name, Action stop, Action kill, Action start) {}

    private interface Action {
        void run() throws Exception;
    }

    @AfterEach
    void stop() {
        containers.forEach(ContainerProcess::close);
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void shouldGiveEachClientEachRecordOnceWhateverIsRestarted() throws Exception {
        LOG.warn("motion.seed={} motion.seconds={} motion.clients={}", SEED, SECONDS, CLIENTS);
        // Where it starts as root, HAProxy works as another user.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        cluster = KafkaNodes.start(folder.resolve("kafka"));
        int port = JavaProcess.freePort();
        try (Admin admin = cluster.topics().admin()) {
            createTopic(admin);
            startContainers();
            AutoCloseable proxy = DocumentedProxy.HAPROXY.start(
                    folder,
                    port,
                    containers.stream().mapToInt(ContainerProcess::port).toArray());
            URI url = URI.create("http://127.0.0.1:" + port + "/kafka-sse?offset=earliest");
            try (proxy;
                    NumberedRecords records = new NumberedRecords(cluster.topics(), topic, PARTITIONS, PAUSE);
                    SseSwarm swarm = SseSwarm.against(url)
                            .connections(CLIENTS)
                            .checks(i -> new PartitionOrder(counts))
                            .returning(MOST_BYTES, SEED)
                            .start()) {
                records.start();
                swarm.awaitEvents(1, LIMIT);
                move(admin, records);
                swarm.calmDown();
                int written = records.end();
                assertAllThere(swarm, written);
            }
        }
    }

    private void createTopic(Admin admin) throws Exception {
        NewTopic replicated =
                new NewTopic(topic, PARTITIONS, (short) MEMBERS).configs(Map.of("min.insync.replicas", "2"));
        admin.createTopics(List.of(replicated)).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void startContainers() {
        Map<String, String> settings = Map.of("topic", topic, "kafka-broker-url", cluster.bootstrapServers());
        WebServer.Kind[] kinds = WebServer.Kind.values();
        for (int i = 0; i < MEMBERS; i++) {
            Path log = folder.resolve("container-" + i + ".log");
            containers.add(new ContainerProcess(kinds[i % kinds.length], log, settings));
        }
    }

    /** Each member has its turn before one comes again, and each has had one in the end. */
    private void move(Admin admin, NumberedRecords records) throws Exception {
        long start = System.nanoTime();
        List<Member> next = new ArrayList<>();
        boolean added = false;
        while (secondsSince(start) < SECONDS || blows.size() < 2 * MEMBERS) {
            if (!added && (secondsSince(start) > SECONDS / 2 || blows.size() == MEMBERS)) {
                addPartitions(admin);
                records.writeTo(MORE_PARTITIONS);
                added = true;
            }
            if (next.isEmpty()) {
                next.addAll(members(admin));
                Collections.shuffle(next, random);
            }
            strike(next.remove(0));
        }
    }

    private static long secondsSince(long start) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    }

    private List<Member> members(Admin admin) {
        List<Member> members = new ArrayList<>();
        for (ContainerProcess each : containers) {
            members.add(new Member(each.toString(), each::stop, each::kill, each::start));
        }
        IntStream.rangeClosed(1, MEMBERS)
                .mapToObj(cluster::node)
                .forEach(node -> members.add(new Member("broker " + node.port(), node::stop, node::kill, () -> {
                    node.restart();
                    // Two that are behind would be too many: nothing could be written.
                    Await.until("all replicas", LIMIT, () -> allInSync(admin), () -> describe(admin));
                })));
        return members;
    }

    private void strike(Member member) throws Exception {
        boolean kill = random.nextInt(3) == 0;
        int away = random.nextInt(2000);
        blows.add((kill ? "killed " : "stopped ") + member.name() + " for " + away + " ms");
        LOG.info("{}", blows.get(blows.size() - 1));
        (kill ? member.kill() : member.stop()).run();
        pause(away);
        member.start().run();
        pause(random.nextInt(1000));
    }

    private static void pause(int millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private void addPartitions(Admin admin) throws Exception {
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(MORE_PARTITIONS)))
                .all()
                .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean allInSync(Admin admin) {
        return describe(admin).partitions().stream()
                .allMatch(partition -> partition.isr().size() == MEMBERS);
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

    /** The last records of each client are those that were written when nothing was cut off or restarted any more. */
    private void assertAllThere(SseSwarm swarm, int written) throws InterruptedException {
        long start = System.nanoTime();
        swarm.awaitEvents(written, LIMIT);
        SwarmStats stats = swarm.stats();
        String summary = String.format(
                "seed %d, %d clients, %d records each after %d s, %d lost, %d repeated, %s, %s",
                SEED,
                CLIENTS,
                written,
                secondsSince(start),
                counts.lost().sum(),
                counts.repeated().sum(),
                stats,
                blows);
        LOG.warn(summary);
        assertEquals(0, counts.lost().sum(), summary);
        assertEquals(0, counts.repeated().sum(), summary);
        assertEquals(0, stats.gaps(), summary);
        assertEquals(0, stats.refused(), summary);
        assertEquals(0, stats.faults(), summary);
        assertEquals((long) written * CLIENTS, stats.events(), summary);
        assertTrue(stats.cut() > CLIENTS, summary);
    }
}
