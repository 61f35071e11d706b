package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.settings.Settings;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What load balancers and Kubernetes are told. */
class HealthIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS");

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> ask(WebApplication application, String path) {
        return askAt(application, "/shop/health" + path);
    }

    private HttpResponse<String> askAt(WebApplication application, String path) {
        URI url = application.uri(path);
        try {
            return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void await(int status, WebApplication application, String path) {
        Await.until(
                path + " to answer " + status,
                LIMIT,
                () -> ask(application, path).statusCode() == status,
                () -> ask(application, path).body());
    }

    private static WebApplication start(WebServer.Kind kind, Map<String, String> settings) throws Exception {
        return WebApplication.start(kind, "/shop", context -> {
            WebApplication.add(context, "say \"orders\"", new KafkaSseServlet(), settings, "/orders/*");
            WebApplication.add(context, "health", new KafkaSseHealthServlet(), Map.of("details", "true"), "/health/*");
            WebApplication.add(context, "status", new KafkaSseHealthServlet(), Map.of(), "/status/*");
        });
    }

    @OnEachContainer
    void shouldBeReadyBeforeTheFirstClientAndTellOfTheFeedsThen(WebServer.Kind kind) throws Exception {
        KafkaBroker broker = KafkaBroker.shared();
        Topics topics = broker.topics();
        String topic = topics.create("health", 1);
        try (WebApplication application =
                start(kind, new Servers(broker.bootstrapServers()).settings("keep-alive-millis", "200"))) {
            String idle = "{\"status\":\"UP\",\"engines\":[{\"name\":\"say \\\"orders\\\"\",\"state\":\"open\","
                    + "\"connections\":0,\"feeds\":[]}]}";
            for (String path : new String[] {"", "/", "/ready", "/live", "/ready?kafka=ignore"}) {
                HttpResponse<String> answer = ask(application, path);
                assertEquals(200, answer.statusCode(), path);
                assertEquals(idle, answer.body(), path);
                assertEquals(
                        "no-store", answer.headers().firstValue("Cache-Control").orElse(""));
                assertEquals(List.of("nosniff"), answer.headers().allValues("X-Content-Type-Options"));
                assertTrue(
                        answer.headers().firstValue("Content-Type").orElse("").startsWith("application/json"));
            }
            assertEquals(404, ask(application, "/other").statusCode());
            assertEquals(
                    "{\"status\":\"UP\"}", askAt(application, "/shop/status").body());
            try (SseClient client =
                    SseClient.to(application.uri("/shop/orders/" + topic)).open()) {
                client.awaitText("stream-position", LIMIT);
                Await.until(
                        "the feed",
                        LIMIT,
                        () -> ask(application, "/ready")
                                .body()
                                .matches("\\{\"status\":\"UP\",\"engines\":\\[\\{\"name\":\"say \\\\\"orders\\\\\"\","
                                        + "\"state\":\"open\",\"connections\":1,\"feeds\":\\[\\{\"topics\":\""
                                        + topic
                                        + "\",\"state\":\"following\",\"clients\":1,\"lagRecords\":0,"
                                        + "\"lastAnswerAgeMillis\":[0-9]+,\"consecutiveFailures\":0,"
                                        + "\"failingPartitions\":\"\",\"throttled\":false}]}]}"),
                        () -> ask(application, "/ready").body());
            }
        }
    }

    /** Some containers answer TRACE with the headers of the request, cookies among them. */
    @OnEachContainer
    void shouldAnswerNoOtherMethodsThanThoseOfProbes(WebServer.Kind kind) throws Exception {
        try (WebApplication application = start(kind, new Servers("127.0.0.1:1").settings("topic", "orders"))) {
            // Tomcat itself answers this one.
            assertNotAllowed(ask(application, "TRACE", "/live"));
            for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "BREW"}) {
                HttpResponse<String> answer = ask(application, method, "/live");
                assertNotAllowed(answer);
                assertEquals(List.of("nosniff"), answer.headers().allValues("X-Content-Type-Options"));
            }
            HttpResponse<String> options = ask(application, "OPTIONS", "/live");
            assertEquals(204, options.statusCode());
            assertEquals(METHODS, methods(options));
            HttpResponse<String> head = ask(application, "HEAD", "/live");
            assertEquals(200, head.statusCode());
            assertEquals("", head.body());
            assertEquals(List.of("nosniff"), head.headers().allValues("X-Content-Type-Options"));
            assertEquals(404, ask(application, "HEAD", "/other").statusCode());
        }
    }

    private static void assertNotAllowed(HttpResponse<String> answer) {
        assertEquals(405, answer.statusCode(), () -> answer.request().method());
        assertEquals(METHODS, methods(answer));
        assertFalse(answer.body().contains("hush"), answer::body);
    }

    private static Set<String> methods(HttpResponse<String> answer) {
        return Set.of(answer.headers().firstValue("Allow").orElse("").split(", *"));
    }

    private HttpResponse<String> ask(WebApplication application, String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(application.uri("/shop/status" + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Cookie", "id=hush")
                .header("Authorization", "Basic hush")
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Anybody can ask for a topic that does not exist. The feed of such a topic lasts some seconds. */
    @OnEachContainer
    void shouldStayReadyWhenAStrangerAsksForATopicThatDoesNotExist(WebServer.Kind kind) throws Exception {
        Map<String, String> settings = new Servers(KafkaBroker.shared().bootstrapServers()).settings();
        try (WebApplication application = start(kind, settings)) {
            try (SseClient stranger =
                    SseClient.to(application.uri("/shop/orders/unknown-topic")).open()) {
                stranger.awaitOpen(LIMIT);
                assertEquals(404, stranger.status());
            }
            String answer = ask(application, "/ready").body();
            assertTrue(answer.startsWith("{\"status\":\"UP\","), answer);
            assertTrue(answer.contains("\"topics\":\"unknown-topic\",\"state\":\"starting\""), answer);
            assertTrue(answer.contains("\"consecutiveFailures\":0"), answer);
        }
    }

    /** One broker for both containers: it takes long until an absence is told. */
    @Test
    void shouldBeAliveButNotReadyWhileTheBrokersAreAway() throws Exception {
        int port = JavaProcess.freePort();
        Map<String, String> settings = new Servers("127.0.0.1:" + port).settings("topic", "orders");
        try (WebApplication onJetty = start(WebServer.Kind.JETTY, settings);
                WebApplication onTomcat = start(WebServer.Kind.TOMCAT, settings);
                SseClient first = SseClient.to(onJetty.uri("/shop/orders")).open();
                SseClient second = SseClient.to(onTomcat.uri("/shop/orders")).open()) {
            first.awaitOpen(LIMIT);
            second.awaitOpen(LIMIT);
            assertAliveButNotReady(onJetty);
            assertAliveButNotReady(onTomcat);
            try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), port)) {
                broker.topics().createNamed("orders", 1);
                await(200, onJetty, "/ready");
                await(200, onTomcat, "/ready");
                first.awaitText("stream-position", LIMIT);
                second.awaitText("stream-position", LIMIT);
            }
        }
    }

    private void assertAliveButNotReady(WebApplication application) throws Exception {
        await(503, application, "/ready");
        assertEquals(503, ask(application, "").statusCode());
        assertTrue(ask(application, "/ready").body().startsWith("{\"status\":\"DOWN\","));
        assertTrue(ask(application, "/ready").body().contains("\"state\":\"failing\""));
        assertEquals("{\"status\":\"DOWN\"}", askAt(application, "/shop/status").body());
        assertEquals(200, ask(application, "/live").statusCode());
        assertEquals(200, ask(application, "/ready?kafka=ignore").statusCode());
    }

    /** A client that takes no bytes keeps the engine from being closed for some hundred milliseconds. */
    @OnEachContainer
    void shouldNotBeReadyFromTheMomentOnInWhichAnEngineIsClosed(WebServer.Kind kind) throws Exception {
        KafkaBroker broker = KafkaBroker.shared();
        Topics topics = broker.topics();
        String topic = topics.create("health", 1);
        Map<String, String> settings = new Servers(broker.bootstrapServers()).settings("topic", topic);
        KafkaSse engine = KafkaSseAssembly.engine(Settings.read(settings, Map.of()), "health");
        try (WebApplication application = WebApplication.start(kind, "/shop", context -> {
                    WebApplication.add(context, "orders", new KafkaSseServlet(engine), Map.of(), "/orders/*");
                    WebApplication.add(
                            context, "health", new KafkaSseHealthServlet(), Map.of("details", "true"), "/health/*");
                });
                SseClient stuck =
                        SseClient.to(application.uri("/shop/orders")).stuck().open()) {
            stuck.awaitOpen(LIMIT);
            assertEquals(200, ask(application, "/ready").statusCode());
            for (int i = 0; i < 24; i++) {
                topics.produce(topic, "k", "x".repeat(500_000));
            }
            CompletableFuture<Void> closed = CompletableFuture.runAsync(engine::close);
            await(503, application, "/ready");
            assertEquals(503, ask(application, "/ready?kafka=ignore").statusCode());
            assertEquals(200, ask(application, "/live").statusCode());
            closed.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            String gone = ask(application, "/ready").body();
            assertEquals("{\"status\":\"DOWN\",\"engines\":[]}", gone);
        }
    }

    /** An engine that the application made, with two web applications of which one is deployed again. */
    @OnEachContainer
    void shouldTellEachApplicationOfAnEngineThatTheyShare(WebServer.Kind kind) throws Exception {
        KafkaBroker broker = KafkaBroker.shared();
        String topic = broker.topics().create("health", 1);
        try (KafkaSse engine = KafkaSse.builder()
                        .name("shared-" + kind)
                        .topics(topic)
                        .bootstrapServers(broker.bootstrapServers())
                        .build();
                WebApplication first = startInFrontOf(engine, kind);
                WebApplication second = startInFrontOf(engine, kind)) {
            assertTellsOfTheStream(first);
            assertTellsOfTheStream(second);
            first.undeploy();
            assertTellsOfTheStream(second);
            first.deploy();
            assertTellsOfTheStream(first);
            assertEquals(1, Beans.names().size(), () -> Beans.names().toString());
        }
        assertEquals(Set.of(), Beans.names());
    }

    private static WebApplication startInFrontOf(KafkaSse engine, WebServer.Kind kind) throws Exception {
        return WebApplication.start(kind, "/shop", context -> {
            WebApplication.add(context, "orders", new KafkaSseServlet(engine), Map.of(), "/orders/*");
            WebApplication.add(context, "health", new KafkaSseHealthServlet(), Map.of("details", "true"), "/health/*");
        });
    }

    private void assertTellsOfTheStream(WebApplication application) throws Exception {
        try (SseClient client = SseClient.to(application.uri("/shop/orders")).open()) {
            client.awaitText("stream-position", LIMIT);
            HttpResponse<String> ready = ask(application, "/ready");
            assertEquals(200, ready.statusCode(), ready::body);
            assertTrue(ready.body().contains("\"engines\":[{\"name\":\"orders\","), ready::body);
        }
    }
}
