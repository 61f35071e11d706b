package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Browser;
import com.opengrail.kafka.sse.testing.JettyNode;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SessionApplication;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebApplication;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.eclipse.jetty.session.DatabaseAdaptor;
import org.eclipse.jetty.session.JDBCSessionDataStore;
import org.eclipse.jetty.session.SessionDataStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams in sessions that two nodes of Jetty keep in one database. */
class SharedSessionStoreIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration TIME_OUT = Duration.ofSeconds(5);
    private static final Duration RECHECK = Duration.ofSeconds(5);
    private static final Duration SHORT_RECHECK = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Topics TOPICS = KafkaBroker.shared().topics();
    private static final String POSITION = "event: stream-position\ndata: \n\n";

    private final String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private final String topic = TOPICS.create("sessions", 1);
    private final SessionApplication application = new SessionApplication(topic);

    private final class Nodes implements AutoCloseable {
        private final SessionDataStore store = store();
        private final JettyNode first;
        private final JettyNode second;
        private boolean atSecond;

        final Browser browser = new Browser(this::uri);

        Nodes(JettyNode.Cache cache) throws Exception {
            first = new JettyNode("first", cache, store, this::setUpFirst);
            second = new JettyNode("second", cache, store(), context -> application.setUp(context, "second"));
        }

        private SessionDataStore store() {
            DatabaseAdaptor adaptor = new DatabaseAdaptor();
            adaptor.setDriverInfo("org.h2.Driver", database);
            JDBCSessionDataStore sessions = new JDBCSessionDataStore();
            sessions.setDatabaseAdaptor(adaptor);
            return sessions;
        }

        private void setUpFirst(ServletContext context) {
            application.setUp(context, "first");
            WebApplication.add(context, "checked", new Checked(store, topic), Map.of(), "/checked");
        }

        /** Begins a session at the first node, which the second knows too, and opens a stream at the first. */
        SseClient open(String path, Duration timeOut) throws Exception {
            Await.until("a session at both nodes", LIMIT, () -> begin(timeOut), () -> "none");
            SseClient stream = browser.stream(path);
            stream.awaitText(POSITION, LIMIT);
            return stream;
        }

        /** A session that is short may be over before the second node has seen it. */
        private boolean begin(Duration timeOut) {
            try {
                browser.get("/app/page?begin=" + timeOut.toSeconds());
                atSecond = true;
                return browser.get("/app/page").body().equals("[name]");
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("No answer", e);
            } finally {
                atSecond = false;
            }
        }

        void endAtSecond() throws Exception {
            atSecond = true;
            browser.get("/app/page?end");
            assertEquals("no session", browser.get("/app/page").body());
            atSecond = false;
        }

        private URI uri(String path) {
            return (atSecond ? second : first).uri(path);
        }

        @Override
        public void close() {
            first.close();
            second.close();
        }
    }

    /** Streams with a check that asks the store. */
    private static final class Checked extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient SessionDataStore store;
        private final transient KafkaSse engine;

        Checked(SessionDataStore store, String topic) {
            this.store = store;
            this.engine = KafkaSse.builder()
                    .bootstrapServers(KafkaBroker.shared().bootstrapServers())
                    .topics(topic)
                    .recheck(SHORT_RECHECK)
                    .build();
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String id = request.getSession().getId();
            engine.stream(request, response, StreamOptions.defaults().withCheck(() -> isStored(id)));
        }

        private boolean isStored(String id) {
            try {
                return store.exists(id);
            } catch (Exception e) {
                throw new IllegalStateException("The store does not answer", e);
            }
        }

        @Override
        public void destroy() {
            engine.close();
        }
    }

    private static void assertEnds(SseClient stream, long start, Duration most) {
        stream.awaitEnd(LIMIT);
        Duration lasted = Duration.ofNanos(stream.endedAt() - start);
        assertTrue(lasted.compareTo(most) < 0, lasted::toString);
        assertTrue(stream.rawText().endsWith(POSITION), stream::toString);
    }

    /** Nothing tells a node that another one has ended a session. */
    @ParameterizedTest
    @EnumSource
    void shouldEndAfterTheTimeOutOfTheNodesOwnCopy(JettyNode.Cache cache) throws Exception {
        try (Nodes nodes = new Nodes(cache)) {
            long opening = System.nanoTime();
            try (SseClient stream = nodes.open("/app/sse", TIME_OUT)) {
                nodes.endAtSecond();
                // The object that the stream holds is what other requests to its node find too.
                boolean found = cache != JettyNode.Cache.NONE;
                assertEquals(
                        found ? "[name]" : "no session",
                        nodes.browser.get("/app/page").body());
                assertEnds(stream, System.nanoTime(), TIME_OUT.plus(RECHECK).plus(SOON));
                assertTrue(stream.endedAt() - opening >= TIME_OUT.toNanos(), stream::toString);
            }
            // Requests alone keep a copy that only idleness removes.
            if (cache != JettyNode.Cache.UNTIL_IDLE) {
                nodes.browser.awaitPage("/app/page", "no session", LIMIT);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WHILE_IN_USE", "NONE"})
    void shouldEndSoonWhereACheckAsksTheStore(JettyNode.Cache cache) throws Exception {
        try (Nodes nodes = new Nodes(cache);
                SseClient stream = nodes.open("/app/checked", Duration.ofMinutes(10))) {
            nodes.endAtSecond();
            assertEnds(stream, System.nanoTime(), SHORT_RECHECK.plus(SOON));
            nodes.browser.awaitPage("/app/page", "no session", LIMIT);
        }
    }
}
