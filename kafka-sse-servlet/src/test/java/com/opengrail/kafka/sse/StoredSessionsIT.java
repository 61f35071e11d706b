package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Browser;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SessionApplication;
import com.opengrail.kafka.sse.testing.SessionStore;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams in sessions that the container writes to files. */
class StoredSessionsIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Topics TOPICS = KafkaBroker.shared().topics();
    private static final String POSITION = "event: stream-position\ndata: \n\n";
    private static final int COPY_LASTS_SECONDS = 5;

    private final String topic = TOPICS.create("sessions", 1);

    @TempDir
    Path folder;

    /** Jetty may answer before it has saved a session, and the next request may then save an older copy of it. */
    private static boolean isSaved(Browser browser) {
        try {
            browser.get("/app/page?begin=" + COPY_LASTS_SECONDS);
            return browser.get("/app/page?lasts").body().equals(Integer.toString(COPY_LASTS_SECONDS));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("No answer", e);
        }
    }

    private WebApplication start(WebServer.Kind kind, SessionStore store) throws Exception {
        return WebApplication.start(kind, "/app", store, this::setUp);
    }

    private void setUp(ServletContext context) {
        FilterRegistration.Dynamic filter = context.addFilter("in-session", StoredSessionsIT::requireSession);
        filter.setAsyncSupported(true);
        filter.addMappingForServletNames(EnumSet.of(DispatcherType.REQUEST), false, "sse");
        new SessionApplication(topic).setUp(context, "sse");
    }

    /** Without it a request that finds no session would get a stream that no session ends. */
    private static void requireSession(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (((HttpServletRequest) request).getSession(false) == null) {
            ((HttpServletResponse) response).sendError(HttpServletResponse.SC_UNAUTHORIZED);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static SseClient open(Browser browser) throws IOException {
        SseClient stream = browser.stream("/app/sse");
        stream.awaitText(POSITION, LIMIT);
        return stream;
    }

    /**
     * Asks until there is a stream. Jetty answers a request before it has written its session to the file anew. The
     * next request may find no file then.
     */
    private static SseClient openWhenSaved(Browser browser) {
        AtomicReference<SseClient> opened = new AtomicReference<>();
        Await.until(
                "a stream in a session",
                LIMIT,
                () -> {
                    opened.set(tryOpen(browser));
                    return opened.get() != null;
                },
                () -> "none");
        return opened.get();
    }

    private static SseClient tryOpen(Browser browser) {
        try {
            SseClient stream = browser.stream("/app/sse");
            stream.awaitOpen(LIMIT);
            if (stream.status() == HttpServletResponse.SC_OK) {
                return stream;
            }
            stream.close();
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("No answer", e);
        }
    }

    private static void assertEnds(SseClient stream, long start, Duration most) {
        stream.awaitEnd(LIMIT);
        long millis = (stream.endedAt() - start) / 1_000_000;
        assertTrue(millis <= most.toMillis(), "ended after " + millis + " ms");
        assertTrue(stream.rawText().endsWith(POSITION), stream::toString);
    }

    @OnEachContainer
    void shouldLastWhileTheSessionIsSavedAndEndWithIt(WebServer.Kind kind) throws Exception {
        SessionStore store = new SessionStore(SessionStore.Kind.SAVED, folder);
        try (WebApplication application = start(kind, store)) {
            Browser browser = new Browser(application);
            browser.get("/app/page?begin=600");
            try (SseClient stream = open(browser)) {
                Await.until("a saved session", LIMIT, () -> isSaved(store), store::size);
                TOPICS.produce(topic, "k", "saved");
                stream.awaitText("data: saved\n", LIMIT);
                assertEquals("[name]", browser.get("/app/page").body());
                browser.get("/app/page?end");
                assertEnds(stream, System.nanoTime(), SOON);
            }
        }
    }

    private static boolean isSaved(SessionStore store) {
        store.look();
        return store.size() == 1;
    }

    @OnEachContainer
    void shouldFindTheSessionAfterARestartAndEndWithIt(WebServer.Kind kind) throws Exception {
        try (WebApplication application = start(kind, new SessionStore(SessionStore.Kind.SAVED, folder))) {
            Browser browser = new Browser(application);
            browser.get("/app/page?begin=600");
            try (SseClient before = open(browser)) {
                application.undeploy();
                before.awaitEnd(LIMIT);
            }
            application.deploy();
            assertEquals("[name]", browser.get("/app/page").body());
            try (SseClient stream = open(browser)) {
                browser.get("/app/page?end");
                assertEnds(stream, System.nanoTime(), SOON);
            }
        }
    }

    /** Tomcat makes a session invalid when it moves it out of memory. A client that comes back has it loaded again. */
    @Test
    void shouldEndAndComeBackWhereTomcatMovesTheSessionOutOfMemory() throws Exception {
        SessionStore store = new SessionStore(SessionStore.Kind.MOVED, folder);
        try (WebApplication application = start(WebServer.Kind.TOMCAT, store)) {
            Browser browser = new Browser(application);
            browser.get("/app/page?begin=600");
            try (SseClient stream = open(browser)) {
                Await.until("a moved session", LIMIT, () -> isSaved(store), store::size);
                assertEnds(stream, System.nanoTime(), SOON);
            }
            try (SseClient again = open(browser)) {
                assertEquals("[name]", browser.get("/app/page").body());
                browser.get("/app/page?end");
                assertEnds(again, System.nanoTime(), SOON);
            }
        }
    }

    /** Without a cache each request has a copy. That of the stream is not told that another one was invalidated. */
    @Test
    void shouldEndAfterTheTimeOutWhereJettyHasNoCacheOfSessions() throws Exception {
        SessionStore store = new SessionStore(SessionStore.Kind.MOVED, folder);
        try (WebApplication application = start(WebServer.Kind.JETTY, store)) {
            Browser browser = new Browser(application);
            Await.until("the time-out to be saved", LIMIT, () -> isSaved(browser), () -> "it is not");
            try (SseClient stream = openWhenSaved(browser)) {
                stream.awaitText(POSITION, LIMIT);
                browser.get("/app/page?end");
                assertEquals("no session", browser.get("/app/page").body());
                TOPICS.produce(topic, "k", "after");
                stream.awaitText("data: after\n", LIMIT);
                assertFalse(stream.endedCleanly());
                assertEnds(
                        stream,
                        System.nanoTime(),
                        Duration.ofSeconds(COPY_LASTS_SECONDS).plusSeconds(5).plus(SOON));
            }
        }
    }
}
