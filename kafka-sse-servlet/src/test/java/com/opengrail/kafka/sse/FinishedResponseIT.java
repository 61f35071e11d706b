package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Filters and applications that finish a response as if it were a page, when its stream has not begun yet. */
class FinishedResponseIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int PLACES = 2;
    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();

    /** What is done to a response. */
    @FunctionalInterface
    private interface Step {
        void with(ServletResponse response) throws IOException;
    }

    private static final Step FLUSH = ServletResponse::flushBuffer;
    private static final Step CLOSE = response -> response.getOutputStream().close();
    private static final Step PRINT = response -> response.getOutputStream().print("of a page");
    private static final Step LENGTH = response -> response.setContentLength(10);

    /** Does the steps that a request names before and after the chain. */
    private static final class Finishing implements Filter {
        private static final Map<String, Step> STEPS = Map.of(
                "flush", FLUSH, "close", CLOSE, "length", LENGTH, "print", PRINT, "reset", ServletResponse::reset);

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            doSteps(request.getParameterValues("before"), response);
            try {
                chain.doFilter(request, response);
            } finally {
                doSteps(request.getParameterValues("after"), response);
            }
        }

        private static void doSteps(String[] names, ServletResponse response) throws IOException {
            for (String name : names == null ? new String[0] : names) {
                STEPS.get(name).with(response);
            }
        }
    }

    /** A controller that takes the step itself. */
    private static final class Controller extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final transient KafkaSse engine;
        private final transient Step step;

        Controller(KafkaSse engine, Step step) {
            this.engine = engine;
            this.step = step;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            engine.stream(request, response);
            step.with(response);
        }
    }

    private static KafkaSse engine(String topic) {
        return KafkaSse.builder()
                .bootstrapServers(BROKER.bootstrapServers())
                .topics(topic)
                .build();
    }

    private static WebApplication start(WebServer.Kind kind, Controller controller) throws Exception {
        return WebApplication.start(
                kind, "", context -> WebApplication.add(context, "own", controller, Map.of(), "/kafka-sse/*"));
    }

    private static WebApplication start(WebServer.Kind kind, Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("kafka-broker-url", BROKER.bootstrapServers());
        all.put("allowed-topics", ".*");
        return WebApplication.start(kind, "", application -> setUp(application, all));
    }

    private static void setUp(ServletContext application, Map<String, String> settings) {
        FilterRegistration.Dynamic registration = application.addFilter("finishing", new Finishing());
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        WebApplication.add(application, "kafka-sse", new KafkaSseServlet(), settings, "/kafka-sse/*");
    }

    private static SseClient.Request gzip(WebApplication application, String pathAndQuery) {
        return SseClient.to(application.uri("/kafka-sse/" + pathAndQuery)).header("Accept-Encoding", "gzip");
    }

    private static void produce(String topic, int from, int to) {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            records.add(new ProducerRecord<>(topic, "key", "value " + i));
        }
        TOPICS.produce(records);
    }

    private static void assertPlainStream(SseClient client, String topic) {
        client.awaitText("data: value 2999\n", LIMIT);
        produce(topic, 3000, 3001);
        client.awaitText("data: value 3000\n", LIMIT);
        assertEquals(200, client.status());
        assertTrue(client.header("Content-Type").startsWith("text/event-stream"), client::toString);
        assertNull(client.header("Content-Encoding"));
        assertTrue(client.header("Vary").contains("Accept-Encoding"), client::toString);
        List<SseClient.Event> events = client.events();
        for (int i = 0; i <= 3000; i++) {
            assertEquals("value " + i, events.get(events.size() - 3001 + i).data());
        }
    }

    /** What is older than the window comes from Kafka, and both would be compressed. */
    @OnEachContainer
    void shouldSendAPlainStreamWhereAFilterHasSentTheHeadersBefore(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("finished", 1);
        produce(topic, 0, 3000);
        try (WebApplication application = start(kind, Map.of("window-bytes", "65536"));
                SseClient client = gzip(application, topic + "?offset=earliest&after=flush")
                        .open()) {
            assertPlainStream(client, topic);
            try (SseClient unfiltered = gzip(application, topic).open()) {
                unfiltered.awaitText("id: 3000\n", LIMIT);
                assertEquals("gzip", unfiltered.header("Content-Encoding"));
            }
        }
    }

    @OnEachContainer
    void shouldSendAPlainStreamWhereAControllerHasSentTheHeadersBefore(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("finished", 1);
        produce(topic, 0, 3000);
        try (KafkaSse engine = engine(topic);
                WebApplication application = start(kind, new Controller(engine, FLUSH));
                SseClient client = gzip(application, "?offset=earliest").open()) {
            assertPlainStream(client, topic);
        }
    }

    @OnEachContainer
    void shouldCountARefusalAfterTheHeadersAndSendNoTextOfIt(WebServer.Kind kind) throws Exception {
        try (WebApplication application = start(kind, Map.of())) {
            try (SseClient client =
                    gzip(application, "there-is-no-such-topic?after=flush").open()) {
                assertRefusedLate(client);
                assertTrue(client.rawText().matches("retry: \\d+\n\n"), client::toString);
            }
            try (SseClient webKit = gzip(application, "there-is-no-such-topic?after=flush")
                    .header("User-Agent", "AppleWebKit/605.1.15")
                    .header("Last-Event-ID", "7")
                    .open()) {
                assertRefusedLate(webKit);
                assertTrue(
                        webKit.rawText().matches(":\nid: 7\nevent: stream-cut\ndata: \n\nretry: \\d+\n\n"),
                        webKit::toString);
            }
            assertEquals(2, Beans.only().refused("404"));
        }
    }

    private static void assertRefusedLate(SseClient client) {
        client.awaitEnd(LIMIT);
        assertEquals(200, client.status());
        assertTrue(client.header("Content-Type").startsWith("text/event-stream"), client::toString);
        assertNull(client.header("Content-Encoding"));
        assertTrue(client.endedCleanly(), client::toString);
    }

    private static void assertThatPlacesAreGivenBack(WebServer.Kind kind, String steps, Map<String, String> settings)
            throws Exception {
        String topic = TOPICS.create("finished", 1);
        Map<String, String> all = new HashMap<>(settings);
        all.put("max-connections", Integer.toString(PLACES));
        try (WebApplication application = start(kind, all)) {
            for (int i = 0; i <= PLACES; i++) {
                // It does not leave by itself.
                try (SseClient client = gzip(application, topic + steps).open()) {
                    client.awaitOpen(LIMIT);
                    Beans.only().await("Connections", 0);
                    assertFalse(client.rawText().contains("too many"), client::toString);
                }
            }
            try (SseClient client = gzip(application, topic).open()) {
                client.awaitText("id: -1\n", LIMIT);
            }
        }
    }

    @OnEachContainer
    void shouldEndAStreamWhoseOutputAFilterHasClosed(WebServer.Kind kind) throws Exception {
        assertThatPlacesAreGivenBack(kind, "?after=close", Map.of());
    }

    @OnEachContainer
    void shouldEndAStreamWhoseOutputAFilterHasFlushedAndClosed(WebServer.Kind kind) throws Exception {
        assertThatPlacesAreGivenBack(kind, "?after=flush&after=close", Map.of());
    }

    @OnEachContainer
    void shouldEndAStreamWhoseResponseHasBeenSentWithALength(WebServer.Kind kind) throws Exception {
        assertThatPlacesAreGivenBack(kind, "?after=length&after=flush", Map.of());
    }

    @OnEachContainer
    void shouldEndAStreamWhoseOutputAControllerHasClosed(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("finished", 1);
        try (KafkaSse engine = engine(topic);
                WebApplication application = start(kind, new Controller(engine, CLOSE));
                SseClient client = gzip(application, "").open()) {
            client.awaitOpen(LIMIT);
            Await.until("the end", LIMIT, () -> engine.streams().isEmpty(), engine::streams);
        }
    }

    /** Tomcat forgets who is to be called back, so the stream stalls. */
    @OnEachContainer
    void shouldEndOrBeginAStreamWhoseResponseAFilterHasReset(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("finished", 1);
        Map<String, String> settings =
                Map.of("max-connections", "1", "stall-timeout-millis", "1000", "max-connection-millis", "3000");
        try (WebApplication application = start(kind, settings);
                SseClient reset = gzip(application, topic + "?after=reset").open()) {
            if (kind == WebServer.Kind.JETTY) {
                reset.awaitText("stream-position", LIMIT);
            }
            Beans.only().await("Connections", 0);
            reset.awaitEnd(LIMIT);
        }
    }

    /** A length that somebody set for a page is taken back. */
    @OnEachContainer
    void shouldStreamWithoutTheLengthThatAFilterHasSet(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("finished", 1);
        try (WebApplication application = start(kind, Map.of())) {
            for (String steps : List.of("?before=length", "?after=length")) {
                try (SseClient client = gzip(application, topic + steps).open()) {
                    client.awaitText("stream-position", LIMIT);
                    produce(topic, 0, 1);
                    client.awaitText("data: value 0\n", LIMIT);
                    assertNull(client.header("Content-Length"));
                }
            }
        }
    }

    /** Tomcat refuses what a filter prints after the chain without asking {@code isReady}, and answers with 500. */
    private static List<String> mayPrint(WebServer.Kind kind, String... requests) {
        return Stream.of(requests)
                .filter(request -> kind == WebServer.Kind.JETTY || !request.contains("after=print"))
                .toList();
    }

    /** A client that decompresses would find no stream. */
    @OnEachContainer
    void shouldBeginACompressedStreamWithItsOwnFirstByteWhateverAFilterHasWritten(WebServer.Kind kind)
            throws Exception {
        String topic = TOPICS.create("finished", 1);
        try (WebApplication application = start(kind, Map.of())) {
            for (String steps : mayPrint(kind, "?before=print", "?after=print", "?before=print&after=print")) {
                try (SseClient client = gzip(application, topic + steps).open()) {
                    client.awaitText("stream-position", LIMIT);
                    assertTrue(client.rawText().startsWith("retry: "), client::toString);
                }
            }
        }
    }

    @OnEachContainer
    void shouldRefuseWithItsOwnTextWhateverAFilterHasWritten(WebServer.Kind kind) throws Exception {
        try (WebApplication application = start(kind, Map.of())) {
            for (String path : mayPrint(
                    kind,
                    "a-topic?offset=x&before=print",
                    "there-is-no-such-topic?before=print",
                    "there-is-no-such-topic?after=print")) {
                try (SseClient client = gzip(application, path).open()) {
                    client.awaitEnd(LIMIT);
                    assertTrue(client.status() == 400 || client.status() == 404, client::toString);
                    assertTrue(client.rawText().matches("[^\n]+\n"), client::toString);
                    assertFalse(client.rawText().contains("of a page"), client::toString);
                }
            }
        }
    }
}
