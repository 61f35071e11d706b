package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stream may have to end while the application is asked about an event. Then nobody gets the event, whatever the answer. */
class EndWhileAskedIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration RECHECK = Duration.ofMillis(100);
    private static final String SECRET = "secret";

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    /** Takes its time with secrets, and says yes. */
    private static final class Asked extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final transient CountDownLatch asked = new CountDownLatch(1);
        private final transient CountDownLatch answered = new CountDownLatch(1);
        private final transient AtomicBoolean allowed = new AtomicBoolean(true);
        private transient volatile Instant until = Instant.MAX;

        /** How long streams last from their requests on; {@code null}: for ever. */
        private transient volatile Duration lasts;

        /** When the check has said no. */
        private final transient CountDownLatch refused = new CountDownLatch(1);

        private final transient KafkaSse engine = KafkaSse.builder()
                .bootstrapServers(SERVERS.bootstrapServers())
                .allowedTopics(".*")
                .recheck(RECHECK)
                .keepAlive(RECHECK)
                .build();

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            HttpServletRequest ofAnn = new HttpServletRequestWrapper(request) {
                @Override
                public Principal getUserPrincipal() {
                    return () -> "ann";
                }
            };
            if (lasts != null) {
                until = Instant.now().plus(lasts);
            }
            engine.stream(
                    ofAnn,
                    response,
                    StreamOptions.defaults()
                            .withUntil(until)
                            .withCheck(this::isAllowed)
                            .withEvents(this::isWanted));
        }

        private boolean isAllowed() {
            boolean is = allowed.get();
            if (!is) {
                refused.countDown();
            }
            return is;
        }

        private boolean isWanted(SseEvent event) {
            if (event.data().startsWith(SECRET)) {
                asked.countDown();
                awaitAnswer();
            }
            return true;
        }

        private void awaitAnswer() {
            while (answered.getCount() > 0) {
                try {
                    answered.await();
                } catch (InterruptedException e) {
                    // Some code does not give in.
                    assertTrue(answered.getCount() > 0, e::toString);
                }
            }
        }

        @Override
        public void destroy() {
            answered.countDown();
            engine.close();
        }
    }

    @OnEachContainer
    void shouldKeepBackAnEventAfterAnInstant(WebServer.Kind kind) throws Exception {
        assertKeptBack(
                kind,
                asked -> asked.lasts = Duration.ofSeconds(5),
                asked -> Await.until("the instant", LIMIT, () -> Instant.now().isAfter(asked.until), Instant::now));
    }

    @OnEachContainer
    void shouldKeepBackAnEventFromWhoMayNoLongerRead(WebServer.Kind kind) throws Exception {
        assertKeptBack(kind, asked -> {}, asked -> {
            asked.allowed.set(false);
            Await.until("a no", LIMIT, () -> asked.refused.getCount() == 0, () -> "none");
            // Looked for in each eighth of recheck-millis.
            long later = System.nanoTime() + 4 * RECHECK.toNanos();
            Await.until("the check", LIMIT, () -> System.nanoTime() - later > 0, System::nanoTime);
        });
    }

    @OnEachContainer
    void shouldKeepBackAnEventFromAUserWhoseStreamsAreEnded(WebServer.Kind kind) throws Exception {
        assertKeptBack(kind, asked -> {}, asked -> assertEquals(1, asked.engine.endStreamsOfUser("ann")));
    }

    /** In one partition the client is ahead of the others' frames, so its ids are its own. */
    @OnEachContainer
    void shouldKeepBackAnEventFromAClientThatIsAhead(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("asked", 2);
        Asked servlet = new Asked();
        String resumeAfter;
        try (WebServer server = kind.start(0, servlet, Map.of());
                SseClient marks = SseClient.to(server.uri("/kafka-sse/" + topic + "?event=mark&live-event=live"))
                        .open()) {
            marks.awaitText("event: live\n", LIMIT);
            produceSecret(topic);
            // What is ahead comes after what is asked about.
            for (int partition = 0; partition < 2; partition++) {
                TOPICS.produce(List.of(new ProducerRecord<>(topic, partition, "mark", "end of " + partition)));
                marks.awaitText("data: end of " + partition + "\n", LIMIT);
            }
            try (SseClient client = SseClient.to(server.uri("/kafka-sse/" + topic + "?offset=0:0"))
                    .open()) {
                resumeAfter = assertEndsWithout(
                        servlet, client, asked -> assertEquals(2, asked.engine.endStreamsOfUser("ann")));
            }
        }
        assertGivenTo(kind, topic, resumeAfter);
    }

    /** The answer comes when the engine has been closed and its threads are told to end. */
    @OnEachContainer
    void shouldEndTheStreamWhoseAnswerComesAfterTheEngine(WebServer.Kind kind) throws Exception {
        assertKeptBack(kind, asked -> {}, asked -> asked.engine.close());
    }

    private static void assertKeptBack(WebServer.Kind kind, Consumer<Asked> before, Consumer<Asked> end)
            throws Exception {
        String topic = TOPICS.create("asked", 2);
        Asked servlet = new Asked();
        before.accept(servlet);
        String resumeAfter;
        try (WebServer server = kind.start(0, servlet, Map.of());
                SseClient client = SseClient.to(server.uri("/kafka-sse/" + topic + "?live-event=live"))
                        .open()) {
            client.awaitText("event: live\n", LIMIT);
            produceSecret(topic);
            resumeAfter = assertEndsWithout(servlet, client, end);
        }
        assertGivenTo(kind, topic, resumeAfter);
    }

    private static void produceSecret(String topic) {
        TOPICS.produce(List.of(
                new ProducerRecord<>(topic, 0, "k", "open 0"),
                new ProducerRecord<>(topic, 0, "k", SECRET + " 1"),
                new ProducerRecord<>(topic, 0, "k", "open 2")));
    }

    /** Gives the last event id of a stream that ends while it is asked about a secret. */
    private static String assertEndsWithout(Asked servlet, SseClient client, Consumer<Asked> end) throws Exception {
        assertTrue(servlet.asked.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
        end.accept(servlet);
        List<String> received = received(client);
        servlet.answered.countDown();
        client.awaitEnd(LIMIT);
        assertTrue(client.endedCleanly(), client::toString);
        assertEquals(received, received(client), "no event after the end");
        assertTrue(client.rawText().endsWith("event: stream-position\ndata: \n\n"), client::rawText);
        Await.until("its place", LIMIT, () -> servlet.engine.metrics().getConnections() == 0, () -> "still taken");
        return client.lastEventId();
    }

    private static void assertGivenTo(WebServer.Kind kind, String topic, String resumeAfter) throws Exception {
        Map<String, String> settings = Map.of("kafka-broker-url", SERVERS.bootstrapServers(), "allowed-topics", ".*");
        try (WebServer server = kind.start(0, new KafkaSseServlet(), settings);
                SseClient client = SseClient.to(server.uri("/kafka-sse/" + topic))
                        .header("Last-Event-ID", resumeAfter)
                        .open()) {
            client.awaitText("data: open 2\n", LIMIT);
            assertTrue(received(client).contains(SECRET + " 1"), client::rawText);
        }
    }

    private static List<String> received(SseClient client) {
        return client.events().stream()
                .filter(event -> event.type().equals("k"))
                .map(SseClient.Event::data)
                .toList();
    }
}
