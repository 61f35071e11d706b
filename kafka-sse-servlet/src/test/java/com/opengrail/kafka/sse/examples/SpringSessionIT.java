package com.opengrail.kafka.sse.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.KafkaSse;
import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.testing.Browser;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.session.MapSession;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.web.http.SessionRepositoryFilter;

/** Streams in sessions that Spring Session keeps: each request gets a copy of its session. */
class SpringSessionIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration RECHECK = Duration.ofSeconds(1);
    private static final Duration SLACK = Duration.ofMillis(500);
    private static final Duration LASTS = Duration.ofSeconds(5);
    private static final Topics TOPICS = KafkaBroker.shared().topics();
    private static final String POSITION = "event: stream-position\ndata: \n\n";

    private final String topic = TOPICS.create("orders", 1);
    private final MapSessionRepository sessions = new MapSessionRepository(new ConcurrentHashMap<>());
    private KafkaSse engine;

    @AfterEach
    void close() {
        engine.close();
    }

    /** Begins, uses and ends sessions, and streams with and without a check. */
    private final class Page extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            switch (request.getServletPath()) {
                case "/begin" -> request.getSession();
                case "/use" -> response.getWriter().print(request.getSession(false) != null);
                case "/renew" -> request.changeSessionId();
                case "/end" -> request.getSession(false).invalidate();
                case "/stream" -> engine.stream(request, response);
                default -> streamWithCheck(request, response);
            }
        }

        /** The recipe: the repository knows whether the session lasts. To ask it is no use of the session. */
        private void streamWithCheck(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String session = request.getSession().getId();
            engine.stream(
                    request, response, StreamOptions.defaults().withCheck(() -> sessions.findById(session) != null));
        }
    }

    private WebApplication start(WebServer.Kind kind, boolean endWithSession, Duration lasts) throws Exception {
        sessions.setDefaultMaxInactiveInterval(lasts);
        engine = KafkaSse.builder()
                .bootstrapServers(KafkaBroker.shared().bootstrapServers())
                .topics(topic)
                .recheck(RECHECK)
                .endWithSession(endWithSession)
                .build();
        return WebApplication.start(kind, "/app", this::setUp);
    }

    private void setUp(ServletContext context) {
        FilterRegistration.Dynamic filter = context.addFilter(
                SessionRepositoryFilter.class.getName(), new SessionRepositoryFilter<MapSession>(sessions));
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
        WebApplication.add(context, "page", new Page(), Map.of(), "/");
    }

    private static SseClient open(Browser browser, String path) throws IOException {
        SseClient stream = browser.stream(path);
        stream.awaitText(POSITION, LIMIT);
        return stream;
    }

    private static void assertEndsWithin(SseClient stream, long start, Duration most) {
        stream.awaitEnd(LIMIT);
        long millis = (stream.endedAt() - start) / 1_000_000;
        assertTrue(millis <= most.toMillis(), "ended after " + millis + " ms");
        assertTrue(stream.rawText().endsWith(POSITION), stream::toString);
    }

    @OnEachContainer
    void shouldEndAfterTheTimeOutOfTheCopyWhichIsNotToldOfItsInvalidation(WebServer.Kind kind) throws Exception {
        try (WebApplication application = start(kind, true, LASTS)) {
            Browser browser = new Browser(application);
            browser.get("/app/begin");
            long opening = System.nanoTime();
            try (SseClient stream = open(browser, "/app/stream")) {
                browser.get("/app/end");
                assertEquals("false", browser.get("/app/use").body());
                assertEndsWithin(stream, System.nanoTime(), LASTS.plus(RECHECK).plus(SLACK));
                assertTrue(stream.endedAt() - opening >= LASTS.toNanos());
            }
        }
    }

    @OnEachContainer
    void shouldEndWithTheSessionOrItsIdWhereACheckAsksTheRepository(WebServer.Kind kind) throws Exception {
        try (WebApplication application = start(kind, true, LASTS.multipliedBy(100))) {
            Browser browser = new Browser(application);
            browser.get("/app/begin");
            try (SseClient stream = open(browser, "/app/checked")) {
                browser.get("/app/renew");
                assertEndsWithin(stream, System.nanoTime(), RECHECK.plus(SLACK));
            }
            try (SseClient stream = open(browser, "/app/checked")) {
                browser.get("/app/end");
                assertEndsWithin(stream, System.nanoTime(), RECHECK.plus(SLACK));
            }
        }
    }

    /** It is saved after the chain of filters. */
    @OnEachContainer
    void shouldStreamInASessionThatTheSameRequestBegins(WebServer.Kind kind) throws Exception {
        try (WebApplication application = start(kind, true, LASTS.multipliedBy(100));
                SseClient stream = open(new Browser(application), "/app/checked")) {
            TOPICS.produce(topic, "k", "first");
            stream.awaitText("data: first\n", LIMIT);
        }
    }

    @Test
    void shouldLastAsLongAsTheSessionWhereTheCheckAloneDecides() throws Exception {
        try (WebApplication application = start(WebServer.Kind.JETTY, false, LASTS)) {
            Browser browser = new Browser(application);
            browser.get("/app/begin");
            long opening = System.nanoTime();
            try (SseClient stream = open(browser, "/app/checked")) {
                while (System.nanoTime() - opening < LASTS.plus(SLACK).toNanos()) {
                    assertEquals("true", browser.get("/app/use").body());
                    TOPICS.produce(topic, "k", "used");
                }
                assertFalse(stream.endedCleanly());
                assertEndsWithin(stream, System.nanoTime(), LASTS.plus(RECHECK).plus(SLACK));
            }
        }
    }
}
