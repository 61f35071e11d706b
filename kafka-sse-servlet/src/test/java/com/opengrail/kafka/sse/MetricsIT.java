package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What operators see by JMX, read over the platform's MBean server while there is real traffic. */
class MetricsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();
    private static final String BEAN = "context=/,name=kafka-sse,type=KafkaSse";

    /** Drops what is to be dropped, fails where it is to fail, and makes two events of the rest. */
    public static final class Doubling implements SseEventMapper {
        @Override
        public void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
            if ("fail".equals(record.key())) {
                throw new IllegalStateException("as asked");
            }
            if (!"drop".equals(record.key())) {
                next.accept(event);
                next.accept(event.withName("again"));
            }
        }
    }

    private static WebServer start(WebServer.Kind kind, String... namesAndValues) throws Exception {
        return kind.start(new Servers(BROKER.bootstrapServers()).settings(namesAndValues));
    }

    private static void produce(String topic, String key, int count, int size) {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(new ProducerRecord<>(topic, key, "x".repeat(size)));
        }
        TOPICS.produce(records);
    }

    @OnEachContainer
    void shouldCountWhatIsReadAndSent(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("metrics", 2);
        String mapper = Doubling.class.getName();
        try (WebServer server = start(kind, "event-mappers", mapper, "keep-alive-millis", "0");
                SseClient all = SseClient.to(server.uri("/kafka-sse/" + topic)).open()) {
            all.awaitText("stream-position", LIMIT);
            Beans.Bean bean = Beans.only();
            assertEquals(BEAN, bean.name().getCanonicalKeyPropertyListString());
            try (SseClient some = SseClient.to(server.uri("/kafka-sse/" + topic + "?event=again"))
                    .open()) {
                some.awaitText("stream-position", LIMIT);
                produce(topic, "k", 10, 10);
                produce(topic, "drop", 3, 10);
                produce(topic, "fail", 2, 10);
                bean.await("TailRecordsRead", 15);
                bean.await("EventsSent", 10 * 2 + 10);
                bean.await("BytesSent", count -> count == all.rawBytes().length + some.rawBytes().length);
                assertTwoLive(bean);
                assertFollowing(bean, topic);
            }
            produce(topic, "k", 1, 10);
            bean.await("Connections", 1);
            bean.awaitFeed(topic, left -> (long) left.get("clients") == 1);
        }
        assertEquals(Set.of(), Beans.names());
    }

    private static void assertTwoLive(Beans.Bean bean) {
        assertEquals(2, bean.number("MappingErrors"));
        assertEquals(2, bean.number("Connections"));
        assertEquals(2, bean.number("LiveConnections"));
        assertEquals(0, bean.number("ReplayingConnections"));
        assertEquals(0, bean.number("OpeningConnections"));
        assertEquals(0, bean.number("ReplayRecordsRead"));
        assertEquals(0, bean.number("FeedFailures"));
        assertEquals(0, bean.number("ReplayFailures"));
    }

    private static void assertFollowing(Beans.Bean bean, String topic) {
        bean.awaitFeed(
                topic, feed -> (long) feed.get("lagRecords") == 0 && (long) feed.get("windowEvents") == 10 * 2 + 3 + 2);
        Map<String, Object> feed = bean.feed(topic);
        assertEquals("following", feed.get("state"));
        assertEquals(2L, feed.get("clients"));
        assertTrue((long) feed.get("windowBytes") >= 64 * 1024, feed::toString);
        assertTrue((long) feed.get("lastAnswerAgeMillis") >= 0, feed::toString);
        assertEquals(0L, feed.get("failures"));
        assertEquals(0L, feed.get("consecutiveFailures"));
        assertEquals("", feed.get("lastError"));
    }

    private static void produceAt(String topic, long timestamp) {
        TOPICS.produce(List.of(new ProducerRecord<>(topic, null, timestamp, "k", "v")));
    }

    @OnEachContainer
    void shouldTellTheLatencyOfLiveEventsAndOfNoOthers(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("metrics", 1);
        long tenHoursAgo = System.currentTimeMillis() - TimeUnit.HOURS.toMillis(10);
        produceAt(topic, tenHoursAgo);
        try (WebServer server = start(kind);
                SseClient live = SseClient.to(server.uri("/kafka-sse/" + topic)).open();
                SseClient replaying = SseClient.to(server.uri("/kafka-sse/" + topic + "?offset=earliest"))
                        .open()) {
            live.awaitText("stream-position", LIMIT);
            replaying.awaitText("id: 0\n", LIMIT);
            Beans.Bean bean = Beans.only();
            bean.await("EventsSent", 1);
            bean.await("LiveConnections", 2);
            assertEquals(-1L, bean.latency("maxMillis"));
            assertEquals(0L, bean.latency("events"));
            produceAt(topic, System.currentTimeMillis() + TimeUnit.MINUTES.toMillis(10));
            bean.await("EventsSent", 3);
            assertEquals(0L, bean.latency("maxMillis"));
            long before = System.currentTimeMillis();
            produceAt(topic, before - 20_000);
            bean.await("EventsSent", 5);
            long most = 20_000 + System.currentTimeMillis() - before;
            assertEquals(4L, bean.latency("events"));
            for (String value : List.of("p99Millis", "maxMillis")) {
                long millis = (long) bean.latency(value);
                assertTrue(millis >= 20_000 && millis <= most + most / 16, () -> value + " is " + millis);
            }
            assertEquals(0L, bean.latency("p50Millis"));
            long total = (long) bean.latency("totalMillis");
            assertTrue(total >= 2 * 20_000 && total <= 2 * most, () -> "the sum is " + total);
            assertEquals(2L, bean.latencyBelow(16_384));
            assertEquals(4L, bean.latencyBelow(65_536));
        }
    }

    @OnEachContainer
    void shouldTellReplayingConnectionsFromLiveOnes(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("metrics", 1);
        produce(topic, "k", 2_000, 8_000);
        try (WebServer server = start(kind, "window-bytes", "65536");
                SseClient stuck = SseClient.to(server.uri("/kafka-sse/" + topic + "?offset=earliest"))
                        .stuck()
                        .open()) {
            stuck.awaitOpen(LIMIT);
            Beans.Bean bean = Beans.only();
            bean.await("ReplayRecordsRead", count -> count > 0);
            bean.await("ReplayingConnections", 1);
            assertEquals(0, bean.number("LiveConnections"));
            stuck.startReading();
            Await.until("the last event", LIMIT, () -> "1999".equals(stuck.lastEventId()), stuck::lastEventId);
            bean.await("LiveConnections", 1);
            assertEquals(0, bean.number("ReplayingConnections"));
            bean.await("ReplayRecordsRead", count -> count >= 1_900);
            bean.await("EventsSent", 2_000);
            assertEquals(0, bean.number("ReplayConsecutiveFailures"));
            assertEquals("", bean.get("LastReplayError"));
        }
    }

    @OnEachContainer
    void shouldCountTheGaps(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("metrics", 1);
        produce(topic, "k", 10, 10);
        try (Admin admin = TOPICS.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(5)))
                    .all()
                    .get();
        }
        try (WebServer server = start(kind);
                SseClient behind = SseClient.to(server.uri("/kafka-sse/" + topic))
                        .header("Last-Event-ID", "1")
                        .open();
                SseClient beyond = SseClient.to(server.uri("/kafka-sse/" + topic))
                        .header("Last-Event-ID", "99")
                        .open()) {
            for (SseClient client : List.of(behind, beyond)) {
                client.awaitText("event: stream-gap\n", LIMIT);
                client.awaitText("id: 9\n", LIMIT);
            }
            Beans.Bean bean = Beans.only();
            bean.await("Gaps", 2);
            bean.await("EventsSent", 2 * (1 + 5));
        }
    }

    private static void refused(Beans.Bean bean, String reason, SseClient.Request request) throws Exception {
        long before = bean.refused(reason);
        try (SseClient client = request.open()) {
            client.awaitEnd(LIMIT);
        }
        assertEquals(before + 1, bean.refused(reason), reason);
    }

    @OnEachContainer
    void shouldCountTheRefusedByReason(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("metrics", 1);
        try (WebServer server = start(kind, "allowed-topics", "metrics.*", "max-connections", "2", "max-feeds", "2");
                SseClient first =
                        SseClient.to(server.uri("/kafka-sse/" + topic)).open()) {
            first.awaitText("stream-position", LIMIT);
            Beans.Bean bean = Beans.only();
            refused(bean, "400", SseClient.to(server.uri("/kafka-sse/" + topic + "?offset=x")));
            refused(bean, "403", SseClient.to(server.uri("/kafka-sse/other")));
            refused(bean, "404", SseClient.to(server.uri("/kafka-sse/metrics-nowhere")));
            refused(bean, "405", SseClient.to(server.uri("/kafka-sse/" + topic)).method("DELETE"));
            refused(bean, "406", SseClient.to(server.uri("/kafka-sse/" + topic)).header("Accept", "text/html"));
            bean.await("Connections", 1);
            try (SseClient second =
                    SseClient.to(server.uri("/kafka-sse/" + topic)).open()) {
                second.awaitText("stream-position", LIMIT);
                refused(bean, "max-connections", SseClient.to(server.uri("/kafka-sse/" + topic)));
            }
        }
        try (WebServer server = start(kind, "max-connections-per-address", "1", "max-feeds", "1");
                SseClient first =
                        SseClient.to(server.uri("/kafka-sse/" + topic)).open()) {
            first.awaitText("stream-position", LIMIT);
            refused(Beans.only(), "max-connections-per-address", SseClient.to(server.uri("/kafka-sse/" + topic)));
        }
        try (WebServer server = start(kind, "max-feeds", "1");
                SseClient first =
                        SseClient.to(server.uri("/kafka-sse/" + topic)).open()) {
            first.awaitText("stream-position", LIMIT);
            refused(Beans.only(), "max-feeds", SseClient.to(server.uri("/kafka-sse/metrics-other")));
        }
        try (WebServer server =
                kind.startWithoutAsync(Map.of("topic", topic, "kafka-broker-url", BROKER.bootstrapServers()))) {
            refused(Beans.only(), "500", SseClient.to(server.uri("/kafka-sse")));
        }
    }

    @OnEachContainer
    void shouldHaveABeanForEachServletAsLongAsItIsDeployed(WebServer.Kind kind) throws Exception {
        Map<String, String> settings = new Servers(BROKER.bootstrapServers()).settings("topic", "metrics-none");
        Set<String> both =
                Set.of("context=/shop,name=orders,type=KafkaSse", "context=/shop,name=\"a,b\",type=KafkaSse");
        try (WebApplication application = WebApplication.start(kind, "/shop", context -> {
            WebApplication.add(context, "orders", new KafkaSseServlet(), settings, "/orders/*");
            WebApplication.add(context, "a,b", new KafkaSseServlet(), settings, "/ab/*");
        })) {
            assertEquals(both, Beans.names());
            application.undeploy();
            assertEquals(Set.of(), Beans.names());
            application.deploy();
            assertEquals(both, Beans.names());
            try (WebApplication twin = WebApplication.start(
                    kind,
                    "/shop",
                    context -> WebApplication.add(context, "orders", new KafkaSseServlet(), settings, "/orders/*"))) {
                assertTrue(Beans.names().contains("context=/shop,instance=2,name=orders,type=KafkaSse"));
                twin.undeploy();
                assertEquals(both, Beans.names());
            }
        }
        assertEquals(Set.of(), Beans.names());
    }
}
