package com.opengrail.kafka.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Browser;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.Users;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** Streams end with what they were allowed on, and nobody gets what belongs to somebody else. */
class AccessIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration RECHECK = Duration.ofSeconds(1);
    private static final Duration SLACK = Duration.ofMillis(500);
    private static final Topics TOPICS = new Topics(KafkaBroker.shared().bootstrapServers());
    private static final String POSITION = "event: stream-position\ndata: \n\n";
    private static final int SESSION_SECONDS = 5;
    private static final int USERS = 20;

    private final AtomicBoolean allowed = new AtomicBoolean(true);
    private final AtomicBoolean noted = new AtomicBoolean();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch neverAnswers = new CountDownLatch(1);
    private KafkaSse engine;

    @AfterEach
    void close() {
        neverAnswers.countDown();
        if (engine != null) {
            engine.close();
        }
    }

    /** Streams with options that the parameter {@code by} names, and begins and ends sessions. */
    private final class Page extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            switch (request.getParameter("do")) {
                case "begin" ->
                    request.getSession().setMaxInactiveInterval(Integer.parseInt(request.getParameter("seconds")));
                case "end" -> request.getSession(false).invalidate();
                case "renew" -> request.changeSessionId();
                case "has" -> response.getWriter().print(request.getSession(false) != null);
                case "until" -> {
                    request.setAttribute(
                            "com.opengrail.kafka.sse.until", Instant.now().plusSeconds(2));
                    engine.stream(request, response);
                }
                case "check" -> stream(request, response, allowed::get);
                case "note" -> {
                    stream(request, response, () -> {
                        asked.countDown();
                        return noted.get();
                    });
                    noted.set(!isAskedSoon());
                }
                case "hang" ->
                    stream(request, response, () -> {
                        await(neverAnswers);
                        return true;
                    });
                default -> throw new IOException("What is to be done?");
            }
        }

        private boolean isAskedSoon() {
            try {
                return asked.await(RECHECK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private void stream(HttpServletRequest request, HttpServletResponse response, BooleanSupplier check)
                throws IOException {
            List<String> topics = List.of(request.getParameter("topic"));
            engine.stream(
                    request,
                    response,
                    StreamOptions.defaults().withTopics(topics).withCheck(check));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private WebApplication start(WebServer.Kind kind, Users users, String... topicRoles) throws Exception {
        engine = KafkaSse.builder()
                .bootstrapServers(KafkaBroker.shared().bootstrapServers())
                .allowedTopics(".*")
                .recheck(RECHECK)
                .topicRoles(topicRoles)
                .build();
        return WebApplication.start(kind, "/app", users, this::setUp);
    }

    private void setUp(ServletContext context) {
        WebApplication.add(context, "sse", new KafkaSseServlet(engine), Map.of(), "/sse/*");
        WebApplication.add(context, "page", new Page(), Map.of(), "/page");
        WebApplication.add(
                context,
                "login",
                new HttpServlet() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected void service(HttpServletRequest request, HttpServletResponse response)
                            throws IOException {
                        response.getWriter().print("log in");
                    }
                },
                Map.of(),
                Users.LOGIN_PAGE);
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + Users.PASSWORD).getBytes(UTF_8));
    }

    private static SseClient open(WebApplication application, String path, String user, String cookie)
            throws IOException {
        SseClient client = SseClient.to(application.uri("/app" + path))
                .header("Authorization", basic(user))
                .header("Cookie", cookie)
                .open();
        client.awaitText(POSITION, LIMIT);
        return client;
    }

    private static String get(WebApplication application, String path, String user, String cookie) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(application.uri("/app" + path)).header("Authorization", basic(user));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        var response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
        assertEquals(200, response.statusCode());
        return response.headers()
                .firstValue("Set-Cookie")
                .map(set -> set.replaceFirst(";.*", ""))
                .orElse(response.body());
    }

    /** A log-in changes the session's id, and with BASIC each request is one. */
    private static String cookieAfter(SseClient client, String before) {
        String set = client.header("Set-Cookie");
        return set == null ? before : set.replaceFirst(";.*", "");
    }

    private static void assertEndsWithin(SseClient client, long start, Duration most) {
        client.awaitEnd(LIMIT);
        long millis = (client.endedAt() - start) / 1_000_000;
        assertTrue(millis <= most.toMillis(), "ended after " + millis + " ms");
        assertTrue(client.rawText().endsWith(POSITION), client::toString);
    }

    @OnEachContainer
    void shouldEndAStreamWhenItsRoleIsWithdrawn(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("access", 1);
        Users users = Users.basic().add("alice", "reader").add("bob", "reader");
        try (WebApplication application = start(kind, users, topic + "=reader");
                SseClient alice = open(application, "/sse/" + topic, "alice", "");
                SseClient bob = open(application, "/sse/" + topic, "bob", "")) {
            TOPICS.produce(topic, "k", "before");
            alice.awaitText("data: before\n", LIMIT);
            long start = System.nanoTime();
            users.add("alice");
            assertEndsWithin(alice, start, RECHECK.plus(SLACK));
            TOPICS.produce(topic, "k", "after");
            bob.awaitText("data: after\n", LIMIT);
            assertFalse(alice.rawText().contains("after"));
            try (SseClient again = SseClient.to(application.uri("/app/sse/" + topic))
                    .header("Authorization", basic("alice"))
                    .open()) {
                again.awaitEnd(LIMIT);
                assertEquals(403, again.status());
            }
        }
    }

    @OnEachContainer
    void shouldEndTheStreamsOfASessionWhenAnotherRequestInvalidatesIt(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("access", 1);
        try (WebApplication application = start(kind, Users.form().add("alice"), topic + "=**")) {
            Browser browser = new Browser(application);
            assertEquals("true", browser.logIn("/app", "/page?do=has", "alice").body());
            try (SseClient stream = browser.stream("/app/sse/" + topic)) {
                stream.awaitText(POSITION, LIMIT);
                assertEquals("alice", engine.streams().get(0).user().orElseThrow());
                browser.get("/app/page?do=end");
                assertEndsWithin(stream, System.nanoTime(), SLACK);
            }
        }
    }

    @OnEachContainer
    void shouldEndAStreamWhenItsSessionWouldHaveExpired(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("access", 1);
        try (WebApplication application = start(kind, Users.basic().add("alice"), topic + "=**")) {
            String cookie = get(application, "/page?do=begin&seconds=" + SESSION_SECONDS, "alice", "");
            try (SseClient stream = open(application, "/sse/" + topic, "alice", cookie)) {
                long start = System.nanoTime();
                String renewed = get(application, "/page?do=renew", "alice", cookieAfter(stream, cookie));
                assertEndsWithin(
                        stream,
                        start,
                        Duration.ofSeconds(SESSION_SECONDS).plus(RECHECK).plus(SLACK));
                assertTrue(System.nanoTime() - start
                        >= Duration.ofSeconds(SESSION_SECONDS).minus(SLACK).toNanos());
                if (kind == WebServer.Kind.TOMCAT) {
                    // On Jetty the end of a request counts as a use of its session.
                    assertEquals("false", get(application, "/page?do=has", "alice", renewed));
                }
            }
        }
    }

    @OnEachContainer
    void shouldEndAStreamAtTheInstantThatAFilterSets(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("access", 1);
        try (WebApplication application = start(kind, Users.basic().add("alice"), topic + "=**");
                SseClient stream = open(application, "/page?do=until&topic=" + topic, "alice", "")) {
            assertEndsWithin(stream, System.nanoTime(), Duration.ofSeconds(2).plus(SLACK));
        }
    }

    @OnEachContainer
    void shouldEndAStreamWhenTheCheckSaysNoOrNothing(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("access", 1);
        try (WebApplication application = start(kind, Users.basic().add("alice"), topic + "=**");
                SseClient hanging = open(application, "/page?do=hang&topic=" + topic, "alice", "");
                SseClient checked = open(application, "/page?do=check&topic=" + topic, "alice", "")) {
            assertEndsWithin(hanging, System.nanoTime(), RECHECK.multipliedBy(2).plus(SLACK));
            assertFalse(checked.endedCleanly());
            long start = System.nanoTime();
            allowed.set(false);
            assertEndsWithin(checked, start, RECHECK.plus(SLACK));
        }
    }

    @OnEachContainer
    void shouldSendNoEventToAStreamThatTheCheckRefusesFromTheStart(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("access", 1);
        TOPICS.produce(topic, "k", "missed");
        String path = "/page?do=check&offset=earliest&topic=" + topic;
        try (WebApplication application = start(kind, Users.basic().add("alice"), topic + "=**");
                SseClient before = open(application, path, "alice", "")) {
            before.awaitText("data: missed\n", LIMIT);
            allowed.set(false);
            try (SseClient again = open(application, path, "alice", "")) {
                again.awaitEnd(LIMIT);
                assertFalse(again.rawText().contains("data: missed\n"), again::toString);
            }
        }
    }

    /** Spring Session saves a session after the filters, and a controller may note its stream when it has begun. */
    @OnEachContainer
    void shouldCheckWhatTheRequestDoesAfterItsStreamHasBegun(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("access", 1);
        TOPICS.produce(topic, "k", "first");
        String path = "/page?do=note&offset=earliest&topic=" + topic;
        try (WebApplication application = start(kind, Users.basic().add("alice"), topic + "=**");
                SseClient stream = open(application, path, "alice", "")) {
            stream.awaitText("data: first\n", LIMIT);
        }
    }

    @OnEachContainer
    void shouldListTheStreamsAndEndThoseOfAUser(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("access", 1);
        Users users = Users.basic().add("alice").add("bob");
        try (WebApplication application = start(kind, users, topic + "=**");
                SseClient alice = open(application, "/sse/" + topic, "alice", "");
                SseClient bob = open(application, "/sse/" + topic, "bob", "")) {
            TOPICS.produce(topic, "k", "before");
            alice.awaitText("data: before\n", LIMIT);
            StreamInfo listed = engine.streams().stream()
                    .filter(each -> each.user().orElseThrow().equals("alice"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(List.of(topic), listed.topics());
            assertEquals(1, listed.events());
            assertEquals(StreamInfo.State.LIVE, listed.state());
            assertEquals(2, engine.metrics().getStreams().size());
            assertEquals(1, engine.metrics().endStreamsOfUser("alice"));
            assertEndsWithin(alice, System.nanoTime(), SLACK);
            TOPICS.produce(topic, "k", "after");
            bob.awaitText("data: after\n", LIMIT);
            assertEquals(0, engine.endStreamsOfUser("nobody"));
            assertThrows(IllegalArgumentException.class, () -> engine.metrics().endStreamsOfUser(null));
        }
    }

    /** Containers close the channel of an interrupted thread without a word. */
    @OnEachContainer
    void shouldEndStreamsWithTheirPositionsForAnInterruptedThread(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("access", 1);
        TOPICS.produce(topic, "k", "first");
        List<SseClient> clients = new ArrayList<>();
        try (WebApplication application = start(kind, Users.basic().add("alice"), topic + "=**")) {
            for (int i = 0; i < 8; i++) {
                clients.add(open(application, "/sse/" + topic + "?offset=earliest", "alice", ""));
                clients.get(i).awaitText("data: first\n", LIMIT);
            }
            Thread.currentThread().interrupt();
            int ended = engine.endStreamsOfUser("alice");
            assertTrue(Thread.interrupted(), "the interrupt is kept");
            assertEquals(clients.size(), ended);
            for (SseClient client : clients) {
                assertEndsWithin(client, System.nanoTime(), SLACK);
            }
        } finally {
            for (SseClient client : clients) {
                client.close();
            }
        }
    }

    @OnEachContainer
    void shouldNeverSendAForeignEvent(WebServer.Kind kind) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> topics =
                List.of(TOPICS.create("access", 2), TOPICS.create("access", 1), TOPICS.create("access", 1));
        Users users = Users.basic();
        String[] roles = topics.stream().map(topic -> topic + "=of-" + topic).toArray(String[]::new);
        List<List<String>> readable = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            List<String> own =
                    topics.stream().filter(topic -> random.nextBoolean()).toList();
            readable.add(own);
            users.add("user" + i, own.stream().map(topic -> "of-" + topic).toArray(String[]::new));
        }
        topics.forEach(topic -> TOPICS.produce(topic, "k", "past of " + topic));
        List<SseClient> clients = new ArrayList<>();
        List<List<String>> asked = new ArrayList<>();
        try (WebApplication application = start(kind, users, roles)) {
            for (int i = 0; i < USERS; i++) {
                List<String> wanted =
                        topics.stream().filter(topic -> random.nextBoolean()).toList();
                wanted = wanted.isEmpty() ? topics : wanted;
                boolean inPath = random.nextBoolean();
                String named = String.join(",", wanted);
                String query = random.nextBoolean() ? "offset=earliest" : "offset=latest";
                clients.add(SseClient.to(application.uri(
                                "/app/sse" + (inPath ? "/" + named + "?" : "?topic=" + named + "&") + query))
                        .header("Authorization", basic("user" + i))
                        .open());
                asked.add(wanted);
                clients.get(i).awaitOpen(LIMIT);
                assertEquals(
                        readable.get(i).containsAll(wanted) ? 200 : 403,
                        clients.get(i).status(),
                        "seed " + seed);
                if (clients.get(i).status() == 200) {
                    clients.get(i).awaitText(POSITION, LIMIT);
                }
            }
            topics.forEach(topic -> TOPICS.produce(topic, "k", "present of " + topic));
            for (int i = 0; i < USERS; i++) {
                String text = clients.get(i).status() == 200 ? awaitPresent(clients.get(i), asked.get(i)) : "";
                for (String topic : topics) {
                    boolean own =
                            readable.get(i).contains(topic) && asked.get(i).contains(topic);
                    assertTrue(own || !text.contains("of " + topic), "user" + i + ", seed " + seed);
                }
            }
        } finally {
            for (SseClient client : clients) {
                client.close();
            }
        }
    }

    private static String awaitPresent(SseClient client, List<String> topics) {
        topics.forEach(topic -> client.awaitText("data: present of " + topic + "\n", LIMIT));
        return client.rawText();
    }
}
