package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Footprint;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whatever the brokers do, the log stays readable and the processor idle; Kafka's own lines count. */
class LogVolumeIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration FAULT = Duration.ofSeconds(Integer.getInteger("fault.seconds", 60));
    private static final String TOPIC = "followed";
    private static final int PARTITIONS = 30;
    private static final int MOST_LINES_A_MINUTE = 20;
    private static final double MOST_PROCESSOR = 0.02;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger ofKafka = (Logger) LoggerFactory.getLogger("org.apache.kafka");
    private final Logger ours = (Logger) LoggerFactory.getLogger("com.opengrail");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @TempDir
    Path folder;

    @BeforeEach
    void listen() {
        Await.until(
                "the threads of tests before", LIMIT, () -> Footprint.threads().isEmpty(), Footprint::threads);
        ofKafka.setLevel(Level.INFO);
        ours.setLevel(Level.INFO);
        lines.start();
        root.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(lines);
        ofKafka.setLevel(null);
        ours.setLevel(null);
    }

    /** The time that threads of engines and of Kafka's clients have had so far. */
    private static long processorNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().contains("kafka-")) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos;
    }

    private List<String> linesSince(int first) {
        List<ILoggingEvent> all = List.copyOf(lines.list);
        return all.subList(first, all.size()).stream()
                .map(line -> line.getThreadName() + " " + line.getLoggerName() + " " + line.getLevel() + " "
                        + line.getFormattedMessage())
                .filter(line -> line.contains("kafka-sse-kafka-sse-"))
                .toList();
    }

    /** Waits while the fault lasts. */
    private void assertQuiet(int firstLine, long processorBefore) {
        long start = System.nanoTime();
        Await.until(
                "the end of the fault",
                FAULT.plus(LIMIT),
                () -> System.nanoTime() - start > FAULT.toNanos(),
                () -> "still waiting");
        double minutes = Math.max(1, FAULT.toMillis() / (double) TimeUnit.MINUTES.toMillis(1));
        List<String> written = linesSince(firstLine);
        double processor = (processorNanos() - processorBefore) / (double) (System.nanoTime() - start);
        LoggerFactory.getLogger(LogVolumeIT.class)
                .warn("{} lines, {} % of a processor", written.size(), Math.round(processor * 1000) / 10.0);
        assertTrue(
                written.size() <= MOST_LINES_A_MINUTE * minutes,
                () -> written.size() + " lines:\n" + String.join("\n", written));
        assertTrue(processor <= MOST_PROCESSOR, () -> processor + " of a processor");
    }

    @Test
    void shouldBeQuietAboutATopicThatIsDeletedAndFollowItAgain() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0);
                Servers servers = new Servers(broker.bootstrapServers());
                SseClient client = follow(broker, servers, PARTITIONS);
                SseClient replaying = SseClient.to(
                                servers.of(WebServer.Kind.JETTY).uri("/kafka-sse/" + TOPIC + "?offset=earliest"))
                        .open()) {
            broker.topics().produce(TOPIC, "k", "before");
            client.awaitText("data: before\n", LIMIT);
            replaying.awaitText("data: before\n", LIMIT);
            int first = lines.list.size();
            long processor = processorNanos();
            try (Admin admin = broker.topics().admin()) {
                admin.deleteTopics(List.of(TOPIC)).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }
            assertQuiet(first, processor);
            broker.topics().createNamed(TOPIC, PARTITIONS);
            broker.topics().produce(TOPIC, "k", "after");
            client.awaitText("data: after\n", LIMIT);
            replaying.awaitText("data: after\n", LIMIT);
        }
    }

    @Test
    void shouldBeQuietAboutBrokersThatAreAwayAndFollowAgain() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0);
                Servers servers = new Servers(broker.bootstrapServers());
                SseClient client = follow(broker, servers, 1)) {
            int first = lines.list.size();
            long processor = processorNanos();
            broker.kill();
            assertQuiet(first, processor);
            broker.restart();
            broker.topics().produce(TOPIC, "k", "after");
            client.awaitText("data: after\n", LIMIT);
        }
    }

    /** It may still be described, so that only fetches are refused. */
    @Test
    void shouldBeQuietAboutATopicThatMayNotBeReadAndFollowItAgain() throws Exception {
        AclBinding describing = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, TOPIC, PatternType.LITERAL),
                new AccessControlEntry("User:*", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW));
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0, KafkaBroker.WITH_ACLS);
                Servers servers = new Servers(broker.bootstrapServers());
                SseClient client = follow(broker, servers, PARTITIONS);
                SseClient replaying = SseClient.to(
                                servers.of(WebServer.Kind.JETTY).uri("/kafka-sse/" + TOPIC + "?offset=earliest"))
                        .open();
                Admin admin = broker.topics().admin()) {
            broker.topics().produce(TOPIC, "k", "before");
            client.awaitText("data: before\n", LIMIT);
            replaying.awaitText("data: before\n", LIMIT);
            int first = lines.list.size();
            long processor = processorNanos();
            admin.createAcls(List.of(describing)).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            assertQuiet(first, processor);
            admin.deleteAcls(List.of(describing.toFilter())).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            broker.topics().produce(TOPIC, "k", "after");
            client.awaitText("data: after\n", LIMIT);
            replaying.awaitText("data: after\n", LIMIT);
        }
    }

    private static SseClient follow(KafkaBroker broker, Servers servers, int partitions) throws Exception {
        broker.topics().createNamed(TOPIC, partitions);
        SseClient client = SseClient.to(servers.of(WebServer.Kind.JETTY).uri("/kafka-sse/" + TOPIC))
                .open();
        client.awaitText("stream-position", LIMIT);
        return client;
    }
}
