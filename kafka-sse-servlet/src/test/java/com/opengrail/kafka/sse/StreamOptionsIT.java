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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client gets where the application's code names the topics and the end of the stream. */
class StreamOptionsIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    /** Streams the topic of a header, until the time of another. */
    private static final class ByHeader extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final transient KafkaSse engine = KafkaSse.builder()
                .bootstrapServers(SERVERS.bootstrapServers())
                .allowedTopics(".*")
                .build();

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            StreamOptions options = StreamOptions.defaults().withTopics(List.of(request.getHeader("X-Topic")));
            String until = request.getHeader("X-Until");
            engine.stream(request, response, until == null ? options : options.withUntil(Instant.parse(until)));
        }

        @Override
        public void destroy() {
            engine.close();
        }
    }

    private static SseClient.Request request(WebServer.Kind kind, String topic) throws Exception {
        WebServer server = SERVERS.startedBy(each -> each.start(0, new ByHeader(), Map.of()), kind);
        return SseClient.to(server.uri("/kafka-sse/")).header("X-Topic", topic);
    }

    /** A page whose log-in has run out tries again with a new one, and must not lose what comes between. */
    @OnEachContainer
    void shouldTellAClientItsPositionEvenIfItsTimeIsOverAtTheStart(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("over", 1);
        TOPICS.produce(topic, "k", "zero");
        TOPICS.produce(topic, "k", "one");
        String past = Instant.now().minusSeconds(60).toString();
        for (int i = 0; i < 2; i++) {
            assertOnlyPosition("1", request(kind, topic).header("X-Until", past));
        }
        assertOnlyPosition("0", request(kind, topic).header("X-Until", past).header("Last-Event-ID", "0"));
    }

    private static void assertOnlyPosition(String id, SseClient.Request request) throws Exception {
        try (SseClient client = request.open()) {
            client.awaitEnd(LIMIT);
            assertEquals(200, client.status());
            assertTrue(
                    client.rawText().matches("retry: [0-9]+\n\nid: " + id + "\nevent: stream-position\ndata: \n\n"),
                    client::toString);
        }
    }

    @OnEachContainer
    void shouldNotNameAnUnknownTopicThatOnlyCodeNames(WebServer.Kind kind) throws Exception {
        try (SseClient client = request(kind, "of-code-alone").open()) {
            client.awaitEnd(LIMIT);
            assertEquals(404, client.status());
            assertEquals("The brokers know no such topic\n", client.rawText());
        }
    }
}
