package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Browser;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.Users;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streams end with the sessions of users who have logged in by a form, with {@code recheck-millis} left alone. */
class SessionEndIT {
    private static final Logger LOG = LoggerFactory.getLogger(SessionEndIT.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Topics TOPICS = KafkaBroker.shared().topics();
    private static final String POSITION = "event: stream-position\ndata: \n\n";
    private static final int USERS = 100;
    private static final int STREAMS_OF_USER = 10;
    private static final int LOGGING_IN_AT_ONCE = 8;
    private static final long MOST_MILLIS = 1_000;

    private final String topic = TOPICS.create("sessions", 1);

    /** When the session of each user was invalidated. */
    private final Map<String, Long> invalidatedAt = new ConcurrentHashMap<>();

    /** A page for any request. One for {@code /out} logs the user out. */
    private final class Page extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getServletPath().equals("/out")) {
                String user = request.getUserPrincipal().getName();
                invalidatedAt.put(user, System.nanoTime());
                request.getSession(false).invalidate();
            }
            response.getWriter().print("page");
        }
    }

    private WebApplication start(WebServer.Kind kind, int users) throws Exception {
        Users known = Users.form();
        IntStream.range(0, users).forEach(i -> known.add("user" + i));
        return WebApplication.start(kind, "/app", known, this::setUp);
    }

    private void setUp(ServletContext context) {
        Map<String, String> settings = Map.of(
                "kafka-broker-url",
                KafkaBroker.shared().bootstrapServers(),
                "topic",
                topic,
                "topic-roles",
                topic + "=**");
        WebApplication.add(context, "sse", new KafkaSseServlet(), settings, "/sse");
        WebApplication.add(context, "page", new Page(), Map.of(), "/page");
        WebApplication.add(context, "out", new Page(), Map.of(), "/out");
        WebApplication.add(context, "login", new Page(), Map.of(), Users.LOGIN_PAGE);
    }

    /** A user who has logged in and follows the streams. */
    private record Follower(String name, Browser browser, List<SseClient> streams) {
        static Follower of(WebApplication application, String name, int streams) throws Exception {
            Browser browser = new Browser(application);
            assertEquals("page", browser.logIn("/app", "/page", name).body());
            List<SseClient> opened = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                opened.add(browser.stream("/app/sse"));
            }
            opened.forEach(stream -> stream.awaitText(POSITION, LIMIT));
            return new Follower(name, browser, opened);
        }

        void close() {
            try {
                for (SseClient stream : streams) {
                    stream.close();
                }
            } catch (IOException e) {
                throw new IllegalStateException("A client could not be closed", e);
            }
        }
    }

    private static List<Follower> logInAll(WebApplication application) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(LOGGING_IN_AT_ONCE);
        try {
            List<Future<Follower>> comings = IntStream.range(0, USERS)
                    .mapToObj(i -> threads.submit(() -> Follower.of(application, "user" + i, STREAMS_OF_USER)))
                    .toList();
            List<Follower> followers = new ArrayList<>();
            for (Future<Follower> coming : comings) {
                followers.add(coming.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
            }
            return followers;
        } finally {
            threads.shutdownNow();
        }
    }

    /** The container has let the request in; then the user logs out in another tab. */
    @OnEachContainer
    void shouldOpenNoStreamIfTheSessionEndsWhileItsRequestIsOnTheWay(WebServer.Kind kind) throws Exception {
        CountDownLatch come = new CountDownLatch(1);
        CountDownLatch loggedOut = new CountDownLatch(1);
        Filter hold = (request, response, chain) -> {
            come.countDown();
            awaitQuietly(loggedOut);
            chain.doFilter(request, response);
        };
        try (WebApplication application =
                WebApplication.start(kind, "/app", Users.form().add("user0"), context -> {
                    setUp(context);
                    FilterRegistration.Dynamic registration = context.addFilter("hold", hold);
                    registration.setAsyncSupported(true);
                    registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/sse");
                })) {
            Browser browser = new Browser(application);
            assertEquals("page", browser.logIn("/app", "/page", "user0").body());
            try (SseClient stream = browser.stream("/app/sse")) {
                assertTrue(come.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
                assertEquals("page", browser.get("/app/out").body());
                loggedOut.countDown();
                stream.awaitEnd(LIMIT);
                assertEquals(HttpServletResponse.SC_FORBIDDEN, stream.status());
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) throws ServletException {
        try {
            assertTrue(latch.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new ServletException(e);
        }
    }

    @OnEachContainer
    void shouldEndThousandStreamsOfHundredUsersWithinASecondOfTheirLogOut(WebServer.Kind kind) throws Exception {
        try (WebApplication application = start(kind, USERS);
                Producer<String, String> producer = TOPICS.producer()) {
            List<Follower> followers = logInAll(application);
            for (Follower follower : followers) {
                producer.send(new ProducerRecord<>(topic, "k", "before the end of " + follower.name()));
                follower.browser().get("/app/out");
            }
            long[] millis = followers.stream()
                    .flatMapToLong(follower -> follower.streams().stream().mapToLong(stream -> {
                        stream.awaitEnd(LIMIT);
                        assertTrue(stream.endedCleanly(), stream::toString);
                        assertTrue(stream.rawText().endsWith(POSITION), stream::toString);
                        return (stream.endedAt() - invalidatedAt.get(follower.name())) / 1_000_000;
                    }))
                    .sorted()
                    .toArray();
            followers.forEach(Follower::close);
            LOG.info(
                    "{}: {} streams ended after {} ms (p50), {} ms (p99), {} ms (all)",
                    kind,
                    millis.length,
                    percentile(millis, 50),
                    percentile(millis, 99),
                    percentile(millis, 100));
            assertEquals(USERS * STREAMS_OF_USER, millis.length);
            assertTrue(percentile(millis, 99) < MOST_MILLIS, () -> Arrays.toString(millis));
        }
    }

    private static long percentile(long[] sorted, int percent) {
        return sorted[(int) Math.ceil(sorted.length * percent / 100.0) - 1];
    }

    @OnEachContainer
    void shouldEndTheStreamsOfASessionThatAnOperatorExpires(WebServer.Kind kind) throws Exception {
        try (WebApplication application = start(kind, 2)) {
            Follower expired = Follower.of(application, "user0", 2);
            Follower other = Follower.of(application, "user1", 1);
            long start = System.nanoTime();
            application.expireSession(expired.browser().cookie("JSESSIONID"));
            for (SseClient stream : expired.streams()) {
                stream.awaitEnd(LIMIT);
                assertTrue(stream.rawText().endsWith(POSITION), stream::toString);
                assertTrue((stream.endedAt() - start) / 1_000_000 < MOST_MILLIS);
            }
            TOPICS.produce(topic, "k", "after");
            other.streams().get(0).awaitText("data: after\n", LIMIT);
            other.close();
            expired.close();
        }
    }
}
