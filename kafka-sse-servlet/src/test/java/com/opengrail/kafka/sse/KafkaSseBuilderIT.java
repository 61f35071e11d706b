package com.opengrail.kafka.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Engines composed in code, in front of a real broker. */
class KafkaSseBuilderIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();

    /** Makes of a small value a large one; remembers who used it and whether it was closed. */
    public static class LargeDeserializer implements Deserializer<String> {
        private static final String PADDING = ".".repeat(4_000);

        private final Set<Thread> users = ConcurrentHashMap.newKeySet();
        private volatile boolean configured;
        private volatile boolean closed;

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            configured = true;
        }

        @Override
        public String deserialize(String topic, byte[] data) {
            users.add(Thread.currentThread());
            return (configured ? "configured " : "as it is ") + new String(data, UTF_8) + PADDING;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** An application with a servlet of its own in front of each engine, which does not close it. */
    private record Application(Map<String, KafkaSse> engines) implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            engines.forEach((path, engine) -> {
                ServletRegistration.Dynamic servlet =
                        event.getServletContext().addServlet(path, new OwnServlet(engine));
                servlet.setAsyncSupported(true);
                servlet.addMapping("/" + path + "/*");
            });
        }

        @Override
        public void contextDestroyed(ServletContextEvent event) {
            engines.values().forEach(KafkaSse::close);
        }
    }

    private static final class OwnServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final transient KafkaSse engine;

        OwnServlet(KafkaSse engine) {
            this.engine = engine;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            engine.stream(request, response);
        }
    }

    private static KafkaSse.Builder builder() {
        return KafkaSse.builder().bootstrapServers(BROKER.bootstrapServers());
    }

    @OnEachContainer
    void shouldStreamFromServersOfTheApplicationsOwnWithSeveralEnginesSideBySide(WebServer.Kind kind) throws Exception {
        String orders = TOPICS.create("orders", 1);
        String customers = TOPICS.create("customers", 1);
        String name = "side-by-side-" + kind.name();
        KafkaSse unnamed = builder().topics(customers).build();
        KafkaSse named = builder()
                .topics(orders)
                .name(name)
                .mapper((record, event, next) -> next.accept(event.withName("order")))
                .build();
        try (WebServer server = kind.deploy(new Application(Map.of("o", named, "c", unnamed)));
                SseClient ofOrders = SseClient.to(server.uri("/o")).open();
                SseClient ofCustomers = SseClient.to(server.uri("/c")).open()) {
            ofOrders.awaitText("id: -1\n", LIMIT);
            ofCustomers.awaitText("id: -1\n", LIMIT);
            TOPICS.produce(orders, "k", "an order");
            TOPICS.produce(customers, "k", "a customer");
            ofOrders.awaitText("id: 0\nevent: order\ndata: an order\n\n", LIMIT);
            ofCustomers.awaitText("id: 0\nevent: k\ndata: a customer\n\n", LIMIT);
            Set<String> threads = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .collect(Collectors.toSet());
            assertTrue(threads.contains(name + "-feed-1"), threads::toString);
            assertTrue(
                    threads.stream().anyMatch(thread -> thread.matches("kafka-sse-[0-9]+-feed-1")), threads::toString);
        }
        Await.until(
                "the engine's threads to end",
                LIMIT,
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith(name)),
                Thread::getAllStackTraces);
    }

    @OnEachContainer
    void shouldStartWhereTheBuilderSaysUnlessTheRequestDoes(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("start", 1);
        // Records that are much older may be removed by the broker at any moment.
        Instant later = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(600);
        for (int i = 0; i < 4; i++) {
            TOPICS.produce(List.of(
                    new ProducerRecord<>(topic, 0, later.toEpochMilli() + (i < 2 ? -1000 : i), "k", "value " + i)));
        }
        Map<String, KafkaSse> engines = Map.of(
                "latest",
                        builder()
                                .topics(topic)
                                .startAtEarliest()
                                .startAtLatest()
                                .build(),
                "earliest", builder().topics(topic).startAtEarliest().build(),
                "since", builder().topics(topic).startSince(later).build());
        try (WebServer server = kind.deploy(new Application(engines))) {
            assertEquals("-1", firstId(server, "/earliest"));
            assertEquals("1", firstId(server, "/since"));
            assertEquals("3", firstId(server, "/latest"));
            assertEquals("3", firstId(server, "/earliest?offset=latest"));
            assertEquals("2", firstId(server, "/earliest?last-event-id=2"));
            assertEquals("-1", firstId(server, "/latest?offset=earliest"));
        }
    }

    private static String firstId(WebServer server, String path) throws Exception {
        try (SseClient client = SseClient.to(server.uri(path)).open()) {
            return client.awaitEvents(1, LIMIT).get(0).id();
        }
    }

    @OnEachContainer
    void shouldMakeADeserializerForEachThreadAndCloseIt(WebServer.Kind kind) throws Exception {
        Queue<LargeDeserializer> made = new ConcurrentLinkedQueue<>();
        KafkaSse engine = builder()
                .allowedTopics("per-thread-.*")
                .windowBytes(65_536)
                .valueDeserializerPerThread(() -> {
                    LargeDeserializer one = new LargeDeserializer();
                    made.add(one);
                    return one;
                })
                .build();
        readLiveAndReplayed(kind, engine, "per-thread");
        assertTrue(made.stream().filter(one -> !one.users.isEmpty()).count() >= 2, made::toString);
        for (LargeDeserializer one : made) {
            assertTrue(one.users.size() <= 1, () -> one.users.toString());
            Await.until("the deserializer to be closed", LIMIT, () -> one.closed, () -> one.users);
        }
    }

    @OnEachContainer
    void shouldLeaveASharedDeserializerToTheCaller(WebServer.Kind kind) throws Exception {
        LargeDeserializer shared = new LargeDeserializer();
        KafkaSse engine = builder()
                .allowedTopics("shared-.*")
                .windowBytes(65_536)
                .valueDeserializer(shared)
                .build();
        readLiveAndReplayed(kind, engine, "shared");
        assertTrue(shared.users.size() >= 2, shared.users::toString);
        assertFalse(shared.closed);
    }

    /** Reads on the feed's thread and, what the window does not hold any more, on a replay thread. */
    private static void readLiveAndReplayed(WebServer.Kind kind, KafkaSse engine, String prefix) throws Exception {
        String topic = TOPICS.create(prefix, 1);
        try (WebServer server = kind.deploy(new Application(Map.of("s", engine)));
                SseClient live = SseClient.to(server.uri("/s/" + topic)).open()) {
            live.awaitText("id: -1\n", LIMIT);
            for (int i = 0; i < 30; i++) {
                TOPICS.produce(topic, "k", "value " + i);
                live.awaitText("id: " + i + "\nevent: k\ndata: as it is value " + i + ".", LIMIT);
            }
            try (SseClient old =
                    SseClient.to(server.uri("/s/" + topic + "?offset=0")).open()) {
                old.awaitText("id: 0\nevent: k\ndata: as it is value 0.", LIMIT);
                old.awaitText("id: 29\nevent: k\ndata: as it is value 29.", LIMIT);
            }
        }
    }

    @OnEachContainer
    void shouldConfigureADeserializerGivenAsClass(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("by-class", 1);
        KafkaSse engine = builder()
                .topics(topic)
                .valueDeserializer(LargeDeserializer.class)
                .build();
        try (WebServer server = kind.deploy(new Application(Map.of("s", engine)));
                SseClient client = SseClient.to(server.uri("/s")).open()) {
            client.awaitText("id: -1\n", LIMIT);
            TOPICS.produce(topic, "k", "v");
            client.awaitText("event: k\ndata: configured v.", LIMIT);
        }
    }
}
