package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Several topics in one stream: while one of them cannot be read, the others flow. */
@Timeout(180)
class MergedTopicsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger("com.opengrail.kafka.sse");
    private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();
    private Topics topics = KafkaBroker.shared().topics();
    private String brokers = KafkaBroker.shared().bootstrapServers();
    private WebServer server;

    private void start(String... settings) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of("kafka-broker-url", brokers, "keep-alive-millis", "300"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        server = WebServer.Kind.JETTY.start(all);
    }

    @BeforeEach
    void listen() {
        warnings.list = new CopyOnWriteArrayList<>();
        warnings.start();
        logger.addAppender(warnings);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(warnings);
    }

    private SseClient open(String pathAndQuery) throws Exception {
        return SseClient.to(server.uri("/kafka-sse" + pathAndQuery)).open();
    }

    private SseClient resume(String id) throws Exception {
        return SseClient.to(server.uri("/kafka-sse"))
                .header("Last-Event-ID", id)
                .open();
    }

    private static List<String> data(SseClient client) {
        return client.events().stream()
                .filter(event -> event.type().equals("k"))
                .map(SseClient.Event::data)
                .toList();
    }

    private static List<String> gaps(SseClient client) {
        return client.events().stream()
                .filter(event -> event.type().equals("stream-gap"))
                .map(SseClient.Event::data)
                .toList();
    }

    /** Produces a value and waits until a client has it. */
    private void assertFlows(String topic, String value, SseClient... clients) {
        topics.produce(topic, "k", value);
        for (SseClient client : clients) {
            client.awaitText("data: " + value + "\n", LIMIT);
        }
    }

    private void produceAll(String topic, List<String> values) {
        topics.produce(values.stream()
                .map(value -> new ProducerRecord<>(topic, 0, "k", value))
                .toList());
    }

    private static void awaitUnreadable(String feed, String unreadable) {
        Beans.only().awaitFeed(feed, status -> unreadable.equals(status.get("failingPartitions")));
        Beans.only().awaitFeed(feed, status -> "following".equals(status.get("state")));
    }

    private static void assertLastError(String feed, String text) {
        Beans.only().awaitFeed(feed, row -> String.valueOf(row.get("lastError")).contains(text));
    }

    private int status(String path) {
        try (SseClient client = open(path)) {
            client.awaitOpen(LIMIT);
            return client.status();
        } catch (Exception e) {
            throw new AssertionError("no answer for " + path, e);
        }
    }

    @Test
    void shouldGoOnWhileATopicIsDeletedAndTellWhenItIsCreatedAnew() throws Exception {
        String stays = topics.create("stays", 2);
        String goes = topics.create("goes", 1);
        String feed = goes + "," + stays;
        start("topic", stays + "," + goes);
        try (SseClient follower = open("")) {
            follower.awaitText("stream-position", LIMIT);
            assertFlows(goes, "old 1", follower);
            assertFlows(stays, "1", follower);
            String idBefore = follower.lastEventId();
            topics.delete(goes);
            assertFlows(stays, "2", follower);
            awaitUnreadable(feed, goes + "-*");
            assertLastError(feed, goes + ", which does not exist");
            assertFlows(stays, "3", follower);
            try (SseClient newcomer = open("");
                    SseClient resumed = resume(idBefore)) {
                newcomer.awaitText("stream-position", LIMIT);
                assertFlows(stays, "4", follower, newcomer, resumed);
                topics.createNamed(goes, 1);
                assertFlows(goes, "new 1", follower, newcomer, resumed);
                awaitUnreadable(feed, "");
                assertFlows(stays, "5", follower, newcomer, resumed);
                assertEquals(List.of("old 1", "1", "2", "3", "4", "new 1", "5"), data(follower));
                assertEquals(List.of("2", "3", "4", "new 1", "5"), data(resumed));
                assertEquals(List.of("4", "new 1", "5"), data(newcomer));
                for (SseClient client : List.of(follower, resumed)) {
                    assertEquals(1, gaps(client).size(), client::toString);
                    assertTrue(gaps(client).get(0).contains("\"reason\":\"recreated\""), client::toString);
                }
            }
            try (SseClient resumed = resume(follower.lastEventId())) {
                assertFlows(stays, "6", resumed);
                assertEquals(List.of("6"), data(resumed));
                assertEquals(List.of(), gaps(resumed));
            }
        }
    }

    /** The topic's past is gone, and a server that is started now knows nothing of it. */
    @Test
    void shouldContinueAtAServerThatIsStartedWhileATopicIsDeleted() throws Exception {
        String stays = topics.create("stays", 2);
        String goes = topics.create("goes", 2);
        start("topic", stays + "," + goes);
        String id;
        try (SseClient follower = open("")) {
            follower.awaitText("stream-position", LIMIT);
            assertFlows(goes, "old", follower);
            assertFlows(stays, "1", follower);
            id = follower.lastEventId();
        }
        topics.delete(goes);
        topics.produce(stays, "k", "2");
        stop();
        start("topic", stays + "," + goes);
        try (SseClient resumed = resume(id)) {
            assertFlows(stays, "3", resumed);
            assertEquals(1, gaps(resumed).size(), resumed::toString);
            assertTrue(gaps(resumed).get(0).contains("\"reason\":\"topics\""), resumed::toString);
            topics.createNamed(goes, 2);
            assertFlows(goes, "new", resumed);
            assertEquals(
                    List.of("2", "3", "new"), data(resumed).stream().sorted().toList());
            try (SseClient again = resume(resumed.lastEventId())) {
                assertFlows(stays, "4", again);
                assertEquals(List.of("4"), data(again));
                assertEquals(List.of(), gaps(again));
            }
        }
    }

    /** The page may be opened, and even come back, before all topics of the settings are created. */
    @Test
    void shouldStartWithTheTopicsOfTheSettingsThatExist() throws Exception {
        String present = topics.create("present", 1);
        String late = "late-" + UUID.randomUUID();
        start("topic", late + "," + present);
        String idBefore;
        try (SseClient follower = open("")) {
            follower.awaitText("stream-position", LIMIT);
            assertFlows(present, "1", follower);
            awaitUnreadable(late + "," + present, late + "-*");
            idBefore = follower.lastEventId();
            try (SseClient resumed = resume(idBefore)) {
                assertFlows(present, "2", follower, resumed);
                assertEquals(List.of("2"), data(resumed));
            }
            topics.createNamed(late, 2);
            long longAgo = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
            topics.produce(List.of(
                    new ProducerRecord<>(late, 0, longAgo, "k", "late 1"),
                    new ProducerRecord<>(late, 0, longAgo, "k", "late 2")));
            follower.awaitText("data: late 2\n", LIMIT);
            awaitUnreadable(late + "," + present, "");
            assertFlows(present, "3", follower);
            assertEquals(List.of("1", "2", "late 1", "late 2", "3"), data(follower));
        }
        try (SseClient resumed = resume(idBefore)) {
            Await.until("all", LIMIT, () -> data(resumed).size() >= 4, resumed::toString);
            assertFlows(present, "4", resumed);
            assertEquals(
                    List.of("2", "3", "4", "late 1", "late 2"),
                    data(resumed).stream().sorted().toList());
            assertEquals(List.of(), gaps(resumed));
        }
    }

    @Test
    void shouldRefuseNewcomersOfADeletedTopicThatRequestsNameAndLetTheOthersFlow() throws Exception {
        String stays = topics.create("stays", 1);
        String goes = topics.create("goes", 1);
        start("allowed-topics", ".*");
        String path = "/" + stays + "," + goes;
        try (SseClient follower = open(path)) {
            follower.awaitText("stream-position", LIMIT);
            topics.delete(goes);
            Await.until("404", LIMIT, () -> status(path) == 404, () -> "still let in");
            assertFlows(stays, "1", follower);
            assertEquals(404, status(path));
            topics.createNamed(goes, 1);
            Await.until("200", LIMIT, () -> status(path) == 200, () -> "still refused");
            assertFlows(goes, "new", follower);
            assertEquals(List.of("1", "new"), data(follower));
        }
    }

    /** What a client behind the window has not read of a deleted topic is gone. It must not keep the client from the rest. */
    @Test
    void shouldReplayTheOthersWhileATopicIsDeleted() throws Exception {
        String stays = topics.create("stays", 1);
        String goes = topics.create("goes", 1);
        start("topic", stays + "," + goes, "window-bytes", "65536");
        try (SseClient follower = open("")) {
            follower.awaitText("stream-position", LIMIT);
            assertFlows(stays, "start", follower);
            String idBefore = follower.lastEventId();
            produceAll(goes, List.of("old 1", "old 2", "old 3"));
            follower.awaitText("data: old 3\n", LIMIT);
            String filler = "x".repeat(1_000);
            List<String> values =
                    IntStream.range(0, 400).mapToObj(i -> i + filler).toList();
            produceAll(stays, values);
            follower.awaitText("data: 399x", LIMIT);
            topics.delete(goes);
            awaitUnreadable(goes + "," + stays, goes + "-*");
            try (SseClient resumed = resume(idBefore);
                    SseClient earliest = open("?offset=earliest");
                    SseClient since = open("?since=0")) {
                assertFlows(stays, "live", follower, resumed, earliest, since);
                List<String> expected = new ArrayList<>(values);
                expected.add("live");
                assertEquals(expected, data(resumed));
                assertEquals(1, gaps(resumed).size(), () -> gaps(resumed).toString());
                assertTrue(
                        gaps(resumed).get(0).contains("\"partition\":0,\"from\":0,\"to\":3,\"reason\":\"retention\""),
                        () -> gaps(resumed).toString());
                expected.add(0, "start");
                assertEquals(expected, data(earliest));
                assertEquals(expected, data(since));
                // They follow the window: the last one may have had its last record from a replay.
                Beans.only().await("ReplayingConnections", 0);
                topics.createNamed(goes, 1);
                assertFlows(goes, "new", follower, resumed, earliest, since);
            }
        }
    }

    @Test
    void shouldGoOnWhileATopicMayNotBeReadAndCatchUpWithIt() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0, KafkaBroker.WITH_ACLS)) {
            topics = broker.topics();
            brokers = broker.bootstrapServers();
            topics.createNamed("stays", 1);
            topics.createNamed("denied", 1);
            start("topic", "stays,denied");
            try (SseClient follower = open("")) {
                follower.awaitText("stream-position", LIMIT);
                assertFlows("denied", "before", follower);
                denyReading("denied");
                awaitUnreadable("denied,stays", "denied-*");
                assertLastError("denied,stays", "denied, which may not be read");
                topics.produce("denied", "k", "meanwhile");
                assertFlows("stays", "1", follower);
                try (SseClient newcomer = open("?offset=earliest")) {
                    assertFlows("stays", "2", follower, newcomer);
                    allowEverybody();
                    follower.awaitText("data: meanwhile\n", LIMIT);
                    newcomer.awaitText("data: meanwhile\n", LIMIT);
                    assertEquals(List.of("before", "1", "2", "meanwhile"), data(newcomer));
                    assertEquals(List.of("before", "1", "2", "meanwhile"), data(follower));
                    assertEquals(List.of(), gaps(newcomer));
                }
                denyReading("denied");
                awaitUnreadable("denied,stays", "denied-*");
                topics.produce("denied", "k", "before the start");
                assertFlows("stays", "still", follower);
                stop();
                start("topic", "stays,denied");
                try (SseClient latest = open("");
                        SseClient resumed = resume(follower.lastEventId())) {
                    latest.awaitText("stream-position", LIMIT);
                    assertFlows("stays", "3", latest, resumed);
                    topics.produce("denied", "k", "after the start");
                    allowEverybody();
                    latest.awaitText("data: after the start\n", LIMIT);
                    resumed.awaitText("data: after the start\n", LIMIT);
                    assertEquals(List.of("3", "after the start"), data(latest));
                    assertEquals(
                            List.of("3", "before the start", "after the start"),
                            data(resumed),
                            () -> follower + "\n" + resumed);
                }
            }
        }
    }

    /** It may be created anew by somebody who does not grant reading. */
    @Test
    void shouldTellWhyATopicCannotBeReadWhenTheReasonChanges() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0, KafkaBroker.WITH_ACLS)) {
            topics = broker.topics();
            brokers = broker.bootstrapServers();
            topics.createNamed("stays", 1);
            topics.createNamed("goes", 1);
            start("topic", "stays,goes");
            try (SseClient follower = open("")) {
                follower.awaitText("stream-position", LIMIT);
                topics.delete("goes");
                awaitReason("Cannot read goes, which does not exist");
                denyReading("goes");
                topics.createNamed("goes", 1);
                awaitReason("Cannot read goes, which may not be read");
                assertFlows("stays", "1", follower);
                allowEverybody();
                assertFlows("goes", "2", follower);
            }
        }
    }

    private void awaitReason(String reason) {
        Beans.only().awaitFeed("goes,stays", status -> reason.equals(status.get("lastError")));
        Await.until(
                "the warning",
                LIMIT,
                () -> List.copyOf(warnings.list).stream()
                        .anyMatch(line -> line.getLevel() == Level.WARN
                                && line.getFormattedMessage().startsWith(reason)),
                () -> List.copyOf(warnings.list).toString());
    }

    private void denyReading(String topic) throws Exception {
        ResourcePattern resource = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        try (Admin admin = topics.admin()) {
            admin.createAcls(List.of(
                            new AclBinding(
                                    resource,
                                    new AccessControlEntry("User:*", "*", AclOperation.ALL, AclPermissionType.ALLOW)),
                            new AclBinding(
                                    resource,
                                    new AccessControlEntry("User:*", "*", AclOperation.READ, AclPermissionType.DENY))))
                    .all()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void allowEverybody() throws Exception {
        try (Admin admin = topics.admin()) {
            admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
