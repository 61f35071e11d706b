package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client gets where the application's code says which events are for it. */
class PerRequestFilterIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    /** Gives a client what is addressed to the user of a header, and fails at what is poison for it. */
    private static final class ForUser extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final transient KafkaSse engine = KafkaSse.builder()
                .bootstrapServers(SERVERS.bootstrapServers())
                .allowedTopics(".*")
                .windowBytes(65_536)
                .keepAlive(Duration.ofMillis(300))
                .build();

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String user = request.getHeader("X-User");
            engine.stream(request, response, StreamOptions.defaults().withEvents(event -> isFor(user, event)));
        }

        private static boolean isFor(String user, SseEvent event) {
            if (event.data().startsWith("poison " + user)) {
                throw new IllegalStateException("poison");
            }
            return event.data().startsWith("for " + user);
        }

        @Override
        public void destroy() {
            engine.close();
        }
    }

    private static SseClient.Request request(WebServer.Kind kind, String user, String topicAndQuery) throws Exception {
        WebServer server = SERVERS.startedBy(each -> each.start(0, new ForUser(), Map.of()), kind);
        return SseClient.to(server.uri("/kafka-sse/" + topicAndQuery)).header("X-User", user);
    }

    private static void produce(String topic, String key, String... values) {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (String value : values) {
            records.add(new ProducerRecord<>(topic, key, value));
        }
        TOPICS.produce(records);
    }

    private static List<String> received(SseClient client) {
        return client.events().stream()
                .filter(event -> !event.type().equals("stream-position"))
                .map(event -> event.id() + " " + event.type() + " " + event.data())
                .toList();
    }

    @OnEachContainer
    void shouldGiveEachClientItsOwnAndTellItWhereItIs(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("wanted", 1);
        try (SseClient ann = request(kind, "ann", topic).open();
                SseClient bob = request(kind, "bob", topic + "?event=b").open()) {
            ann.awaitText("id: -1\n", LIMIT);
            bob.awaitText("id: -1\n", LIMIT);
            produce(topic, "a", "for bob 0", "for ann 1", "for ann 2", "for bob 3");
            produce(topic, "b", "for ann 4", "for bob 5", "for nobody\r\n6");
            ann.awaitText("id: 6\nevent: stream-position\n", LIMIT);
            bob.awaitText("id: 6\nevent: stream-position\n", LIMIT);
            assertEquals(List.of("1 a for ann 1", "2 a for ann 2", "4 b for ann 4"), received(ann));
            assertEquals(List.of("5 b for bob 5"), received(bob));
        }
    }

    @OnEachContainer
    void shouldHoldInReplayAndOverResumes(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("wanted", 1);
        String large = " ".repeat(1_000);
        List<String> values = new ArrayList<>();
        List<String> anns = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            values.add("for " + (i % 3 == 0 ? "ann" : "bob") + " " + i + large);
            if (i % 3 == 0) {
                anns.add(i + " k for ann " + i + large);
            }
        }
        produce(topic, "k", values.toArray(String[]::new));
        try (SseClient all = request(kind, "ann", topic + "?offset=earliest").open()) {
            all.awaitText("id: 299\nevent: stream-position\n", LIMIT);
            assertEquals(anns, received(all));
        }
        String resumeAfter = "100";
        try (SseClient resumed =
                request(kind, "ann", topic).header("Last-Event-ID", resumeAfter).open()) {
            resumed.awaitText("id: 299\nevent: stream-position\n", LIMIT);
            assertEquals(anns.subList(34, anns.size()), received(resumed));
            produce(topic, "k", "for bob 300", "for ann 301");
            resumed.awaitText("id: 301\nevent: k\ndata: for ann 301\n\n", LIMIT);
            assertEquals("301 k for ann 301", received(resumed).get(66));
        }
    }

    @OnEachContainer
    void shouldEndOnlyTheStreamWhosePredicateFails(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("wanted", 1);
        try (SseClient ann = request(kind, "ann", topic).open();
                SseClient bob = request(kind, "bob", topic).open()) {
            ann.awaitText("id: -1\n", LIMIT);
            bob.awaitText("id: -1\n", LIMIT);
            produce(topic, "k", "for ann 0", "for bob 1", "poison ann 2", "for ann 3", "for bob 4");
            ann.awaitEnd(LIMIT);
            assertTrue(ann.endedCleanly(), ann::toString);
            bob.awaitText("id: 4\nevent: k\ndata: for bob 4\n\n", LIMIT);
            assertEquals(List.of("0 k for ann 0"), received(ann));
            assertEquals("1", ann.lastEventId());
        }
        // From Kafka, too, it gets what precedes the event.
        produce(topic, "k", ("for nobody" + " ".repeat(30_000) + ",").repeat(5).split(","));
        try (SseClient ann = request(kind, "ann", topic + "?offset=0").open()) {
            ann.awaitEnd(LIMIT);
            assertEquals(List.of("0 k for ann 0"), received(ann));
            assertEquals("1", ann.lastEventId());
        }
    }
}
