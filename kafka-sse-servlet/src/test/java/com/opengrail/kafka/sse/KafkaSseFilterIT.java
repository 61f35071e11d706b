package com.opengrail.kafka.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One URL that serves a page and its stream. */
class KafkaSseFilterIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();
    private static final String TOPIC = TOPICS.create("filter-door", 1);
    private static final String OTHER = TOPICS.create("filter-door", 1);

    /** A page that is anything but asynchronous, behind the filter. */
    private record Application(KafkaSseFilter filter, Map<String, String> initParams, boolean async)
            implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            event.getServletContext().addServlet("page", new Page()).addMapping("/orders/*");
            FilterRegistration.Dynamic registration = event.getServletContext().addFilter("orders", filter);
            registration.setAsyncSupported(async);
            registration.setInitParameters(initParams);
            registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/orders/*");
        }
    }

    private static final class Page extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/html;charset=UTF-8");
            response.setHeader("Allow", "GET, HEAD, POST, OPTIONS");
            byte[] page = ("the page, by " + request.getMethod() + "\n").getBytes(UTF_8);
            response.setContentLength(page.length);
            response.getOutputStream().write(page);
        }
    }

    private static Map<String, String> settings() {
        return Map.of(
                "kafka-broker-url",
                SERVERS.bootstrapServers(),
                "topic",
                TOPIC,
                "allowed-topics",
                OTHER,
                "allowed-origins",
                "https://pages.example");
    }

    private static URI page(WebServer.Kind kind, String query) throws Exception {
        WebServer server =
                SERVERS.startedBy(each -> each.deploy(new Application(new KafkaSseFilter(), settings(), true)), kind);
        return server.uri("/orders/today" + query);
    }

    @OnEachContainer
    void shouldStreamWhatNamesAnEventStreamAndPassOnAllElse(WebServer.Kind kind) throws Exception {
        for (String accept : List.of(
                "text/event-stream",
                "text/html, TEXT/Event-Stream;charset=utf-8;q=0.1",
                "text/*;q=0,text/event-stream")) {
            try (SseClient stream =
                    SseClient.to(page(kind, "")).header("Accept", accept).open()) {
                stream.awaitText("event: stream-position\n", LIMIT);
                assertEquals("Accept", stream.header("vary").split(",")[0]);
                String value = "for " + accept;
                TOPICS.produce(TOPIC, "order", value);
                stream.awaitText("event: order\ndata: " + value + "\n\n", LIMIT);
            }
        }
        for (String accept :
                List.of("text/html", "*/*", "text/*", "text/event-stream;q=0", "text/event-streams", ";")) {
            assertPage(SseClient.to(page(kind, "")).header("Accept", accept), "GET");
        }
        assertPage(SseClient.to(page(kind, "")).header("Accept", null), "GET");
        assertPage(SseClient.to(page(kind, "")).method("POST").header("Content-Length", "0"), "POST");
    }

    private static SseClient assertPage(SseClient.Request request, String method) throws Exception {
        try (SseClient client = request.open()) {
            client.awaitText("the page, by " + method + "\n", LIMIT);
            assertEquals(200, client.status());
            assertEquals(method.equals("GET") ? "Accept" : null, client.header("vary"));
            return client;
        }
    }

    @OnEachContainer
    void shouldTakeTheTopicFromTheParameterAndNeverFromThePath(WebServer.Kind kind) throws Exception {
        try (SseClient stream = SseClient.to(page(kind, "?topic=" + OTHER)).open()) {
            stream.awaitText("event: stream-position\n", LIMIT);
            TOPICS.produce(OTHER, "order", "of the other topic");
            stream.awaitText("data: of the other topic\n\n", LIMIT);
        }
        try (SseClient refused = SseClient.to(page(kind, "?topic=secret")).open()) {
            refused.awaitText("topic 'secret' is not allowed", LIMIT);
            assertEquals(403, refused.status());
        }
    }

    @OnEachContainer
    void shouldAnswerThePreflightOfAStreamAlone(WebServer.Kind kind) throws Exception {
        try (SseClient preflight =
                preflight(kind, "https://pages.example", "last-event-id").open()) {
            preflight.awaitOpen(LIMIT);
            assertEquals(204, preflight.status());
            assertEquals("https://pages.example", preflight.header("access-control-allow-origin"));
        }
        SseClient foreign = assertPage(preflight(kind, "https://other.example", "last-event-id"), "OPTIONS");
        assertNull(foreign.header("access-control-allow-origin"));
        assertPage(preflight(kind, "https://pages.example", "content-type"), "OPTIONS");
        assertPage(SseClient.to(page(kind, "")).method("OPTIONS"), "OPTIONS");
    }

    private static SseClient.Request preflight(WebServer.Kind kind, String origin, String headers) throws Exception {
        return SseClient.to(page(kind, ""))
                .method("OPTIONS")
                .header("Accept", "*/*")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", headers);
    }

    @OnEachContainer
    void shouldSayWhereAsyncSupportedIsMissing(WebServer.Kind kind) throws Exception {
        try (WebServer server = kind.deploy(new Application(new KafkaSseFilter(), settings(), false))) {
            try (SseClient client = SseClient.to(server.uri("/orders/today")).open()) {
                client.awaitText("This server is not set up for streams\n", LIMIT);
                assertEquals(500, client.status());
            }
            assertPage(SseClient.to(server.uri("/orders/today")).header("Accept", "text/html"), "GET");
        }
    }

    /** Remembers what its initialisation threw. */
    private static final class Watched extends KafkaSseFilter {
        private final List<ServletException> thrown = new ArrayList<>();

        @Override
        public void init(FilterConfig config) throws ServletException {
            try {
                super.init(config);
            } catch (ServletException e) {
                thrown.add(e);
                throw e;
            }
        }
    }

    @OnEachContainer
    void shouldStopTheDeploymentWhereASettingIsWrong(WebServer.Kind kind) {
        Watched filter = new Watched();
        Map<String, String> wrong = Map.of("topic", "t", "keep-alive-millis", "soon", "kafka.group.id", "g");
        assertThrows(
                Exception.class,
                () -> kind.deploy(new Application(filter, wrong, true)).close());
        assertEquals(1, filter.thrown.size());
        String message = filter.thrown.get(0).getMessage();
        assertTrue(message.startsWith("2 settings are wrong:\n"), message);
        assertTrue(message.contains("init-param \"keep-alive-millis\" = \"soon\": it is not a whole number"), message);
    }

    @OnEachContainer
    void shouldEndItsStreamsWithTheApplication(WebServer.Kind kind) throws Exception {
        WebServer server = kind.deploy(new Application(new KafkaSseFilter(), settings(), true));
        try (SseClient client = SseClient.to(server.uri("/orders/today")).open()) {
            client.awaitText("event: stream-position\n", LIMIT);
            server.close();
            client.awaitEnd(LIMIT);
        }
    }

    @OnEachContainer
    void shouldLeaveItsStreamsToTheOwnerOfTheEngine(WebServer.Kind kind) throws Exception {
        KafkaSse engine = KafkaSse.builder()
                .topics(TOPIC)
                .bootstrapServers(SERVERS.bootstrapServers())
                .build();
        try (WebServer server = kind.deploy(new Application(new KafkaSseFilter(engine), Map.of(), true));
                SseClient client = SseClient.to(server.uri("/orders/today")).open()) {
            client.awaitText("event: stream-position\n", LIMIT);
            engine.close();
            client.awaitEnd(LIMIT);
        } finally {
            engine.close();
        }
    }
}
