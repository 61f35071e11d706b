package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** What is answered where there can be no stream, and to methods other than GET. */
class StatusIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();
    private static final String TOPIC = TOPICS.create("status", 1);

    private static SseClient.Request to(WebServer.Kind kind, String pathAndQuery) throws Exception {
        return SseClient.to(SERVERS.of(kind).uri("/kafka-sse/" + pathAndQuery));
    }

    private static void assertRefused(int status, String reason, SseClient.Request request) throws Exception {
        try (SseClient client = request.open()) {
            client.awaitEnd(LIMIT);
            assertEquals(status, client.status(), client::toString);
            String type = client.header("Content-Type").toLowerCase(Locale.ROOT);
            assertTrue(type.startsWith("text/plain"), type);
            assertTrue(client.rawText().matches("[^\r\n]*" + reason + "[^\r\n]*\n"), client::toString);
        }
    }

    @OnEachContainer
    void shouldRefuseAMalformedParameterOfTheLastEventId(WebServer.Kind kind) throws Exception {
        for (String id : List.of("-2", "1.5", "x%20y", "abc", "9223372036854775807", "%00", "A".repeat(5000))) {
            assertRefused(400, "last-event-id", to(kind, TOPIC + "?last-event-id=" + id));
            assertRefused(400, "last-event-id", to(kind, TOPIC + "?lastEventId=" + id));
        }
        assertRefused(400, "last-event-id", to(kind, TOPIC + "?last-event-id=%0D%0Aforged:%20header"));
    }

    /** A browser remembers it, and an error would end its page for good. */
    @OnEachContainer
    void shouldStreamToWhoSendsAHeaderThatIsNoId(WebServer.Kind kind) throws Exception {
        for (String id : List.of("-2", "1.5", "x y", "abc", "9223372036854775807", "A".repeat(5000))) {
            try (SseClient client = to(kind, TOPIC).header("Last-Event-ID", id).open()) {
                client.awaitText("retry: ", LIMIT);
                assertEquals(200, client.status());
            }
        }
    }

    @OnEachContainer
    void shouldRefuseAMalformedOffset(WebServer.Kind kind) throws Exception {
        for (String offset :
                List.of("--1", "first", "%2B1", "9223372036854775807", "0:1,0:2", "0:1,", "0:", ":1", "0:-1")) {
            assertRefused(400, "offset", to(kind, TOPIC + "?offset=" + offset));
        }
        assertRefused(400, "topics", to(kind, TOPIC + ",another?offset=0:1"));
    }

    @OnEachContainer
    void shouldRefuseAMalformedTime(WebServer.Kind kind) throws Exception {
        for (String since : List.of("yesterday", "-1", "2026-13-01T00:00:00Z", "2026-11-23", "1e9", "PT-1M")) {
            assertRefused(400, "since", to(kind, TOPIC + "?since=" + since));
        }
    }

    @OnEachContainer
    void shouldRefuseAMalformedFilter(WebServer.Kind kind) throws Exception {
        for (String filter : List.of("(", "a,,b", "%5B", "(?%3Da)", "a".repeat(4097))) {
            assertRefused(400, "filter", to(kind, TOPIC + "?filter%5Bevent%5D=" + filter));
        }
        assertRefused(400, "filter", to(kind, TOPIC + "?filter%5Bdata%5D=x"));
        String half = "a".repeat(2050);
        assertRefused(400, "4096", to(kind, TOPIC + "?event=" + half + "&filter%5Bevent%5D=" + half));
    }

    @OnEachContainer
    void shouldTakeAFilterOfAsManyNamesAsFit(WebServer.Kind kind) throws Exception {
        String names = IntStream.range(0, 800).mapToObj(i -> "o" + i).collect(Collectors.joining("%2C"));
        try (SseClient client = to(kind, TOPIC + "?event=" + names).open()) {
            client.awaitText("stream-position", LIMIT);
        }
    }

    /** A feed that waits long for records must not let the answer wait too: after a second it could only be 200. */
    @OnEachContainer
    void shouldRefuseAPartitionThatDoesNotExistHoweverLongAPollMayWait(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(kind, "poll-timeout-millis", "60000");
        String path = "/kafka-sse/" + TOPIC;
        try (SseClient follower = SseClient.to(server.uri(path)).open()) {
            follower.awaitText("stream-position", LIMIT);
            for (int i = 0; i < 3; i++) {
                assertRefused(400, "partition", SseClient.to(server.uri(path + "?offset=7:5")));
            }
        }
    }

    /** Not every container refuses it. Tomcat 10.1 leaves the parameter out, so that the client would get everything. */
    @OnEachContainer
    void shouldRefuseAQueryThatCannotBeDecoded(WebServer.Kind kind) throws Exception {
        for (String query :
                List.of("event=100%", "offset=%", "event=%zz", "event=%ff", "event=%C0%AF", "a=b&event=%C3")) {
            assertRefused(400, "query string", to(kind, TOPIC).rawQuery(query));
        }
        assertRefused(400, "query string", to(kind, "").rawQuery("topic=%zz"));
        assertStreams(to(kind, TOPIC + "?event=100%25,%C3%A4"));
    }

    @OnEachContainer
    void shouldRefuseARequestWithoutTopicOrWithNoTopicName(WebServer.Kind kind) throws Exception {
        assertRefused(400, "No topic", to(kind, ""));
        assertRefused(400, "No topic", to(kind, "?topic="));
        assertRefused(400, "topic", to(kind, "a%20b"));
        assertRefused(400, "topic", to(kind, "a,,b"));
        assertRefused(400, "topic", to(kind, "?topic=" + "a".repeat(250)));
        assertRefused(400, "topic", to(kind, "%20" + TOPIC));
        assertRefused(400, "topic", to(kind, "?topic=" + TOPIC + ",%20" + TOPIC));
        assertRefused(400, "topic", to(kind, TOPIC + "?topic=" + TOPIC));
        assertRefused(400, "topic", to(kind, "?topic=" + TOPIC + "&topic=" + TOPIC));
        assertRefused(400, "10", to(kind, "a,b,c,d,e,f,g,h,i,j,k"));
    }

    @OnEachContainer
    void shouldRefuseATopicThatIsNotAllowed(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(kind, "allowed-topics", TOPIC);
        assertRefused(403, "secret", SseClient.to(server.uri("/kafka-sse/secret")));
        assertRefused(403, "secret", SseClient.to(server.uri("/kafka-sse/?topic=" + TOPIC + ",secret")));
        try (SseClient client =
                SseClient.to(server.uri("/kafka-sse/?topic=" + TOPIC)).open()) {
            client.awaitText("id: -1\n", LIMIT);
        }
    }

    @OnEachContainer
    void shouldAnswerThatATopicDoesNotExist(WebServer.Kind kind) throws Exception {
        assertRefused(404, "status-nowhere", to(kind, "status-nowhere"));
        assertRefused(404, "status-nowhere", to(kind, TOPIC + ",status-nowhere"));
    }

    @OnEachContainer
    void shouldRefuseAClientThatTakesNoEventStream(WebServer.Kind kind) throws Exception {
        for (String accept : List.of("text/html", "application/json, text/plain", "text/event-stream;q=0, */*")) {
            assertRefused(406, "text/event-stream", to(kind, TOPIC).header("Accept", accept));
        }
        for (String accept : List.of("*/*", "text/*", "text/html, text/event-stream;q=0.1")) {
            try (SseClient client = to(kind, TOPIC).header("Accept", accept).open()) {
                client.awaitText("id: -1\n", LIMIT);
            }
        }
        try (SseClient client = to(kind, TOPIC).header("Accept", null).open()) {
            client.awaitText("id: -1\n", LIMIT);
        }
    }

    @OnEachContainer
    void shouldRefuseOtherMethods(WebServer.Kind kind) throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "BREW")) {
            SseClient.Request request = to(kind, TOPIC).method(method).header("Content-Length", "0");
            assertRefused(405, "GET, HEAD, OPTIONS", request);
            try (SseClient client = request.open()) {
                client.awaitEnd(LIMIT);
                assertEquals(
                        Set.of("GET", "HEAD", "OPTIONS"),
                        Set.of(client.header("Allow").split(", *")));
            }
        }
    }

    @OnEachContainer
    void shouldAnswerHeadWithStatusAndHeadersAlone(WebServer.Kind kind) throws Exception {
        try (SseClient client = to(kind, TOPIC).method("HEAD").open()) {
            client.awaitEnd(LIMIT);
            assertEquals(200, client.status());
            assertEquals("text/event-stream;charset=UTF-8", client.header("Content-Type"));
            assertEquals("no-store, no-transform", client.header("Cache-Control"));
            assertEquals("nosniff", client.header("X-Content-Type-Options"));
            assertEquals(null, client.header("Content-Length"));
            assertEquals("", client.rawText());
        }
        assertRefusedHead(403, to(kind, TOPIC).header("Sec-Fetch-Site", "cross-site"));
        assertRefusedHead(400, to(kind, TOPIC + "?offset=x"));
        assertRefusedHead(406, to(kind, TOPIC).header("Accept", "text/html"));
    }

    private static void assertRefusedHead(int status, SseClient.Request request) throws Exception {
        try (SseClient client = request.method("HEAD").open()) {
            client.awaitEnd(LIMIT);
            assertEquals(status, client.status());
            assertEquals("", client.rawText());
        }
    }

    /** It asks the brokers nothing, so that it costs no feed: of a topic that does not exist it says the same. */
    @OnEachContainer
    void shouldTakeNoPlaceForHead(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(kind, "max-connections", "2", "max-feeds", "1");
        try (SseClient stream = SseClient.to(server.uri("/kafka-sse/" + TOPIC)).open()) {
            stream.awaitText("id: -1\n", LIMIT);
            for (int i = 0; i < 3; i++) {
                try (SseClient client = SseClient.to(server.uri("/kafka-sse/head-nowhere"))
                        .method("HEAD")
                        .open()) {
                    client.awaitEnd(LIMIT);
                    assertEquals(200, client.status());
                    assertEquals(null, client.header("Retry-After"));
                }
            }
        }
    }

    @OnEachContainer
    void shouldOpenNoStreamsForPagesOfOtherSites(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(kind, "allowed-origins", "https://page.example");
        for (String site : List.of("cross-site", "same-site")) {
            SseClient.Request script = SseClient.to(server.uri("/kafka-sse/" + TOPIC))
                    .header("Accept", "*/*")
                    .header("Sec-Fetch-Mode", "no-cors")
                    .header("Sec-Fetch-Site", site);
            assertRefused(403, "other sites", script);
            assertRefused(403, "other sites", script.header("Origin", "https://other.example"));
            assertStreams(script.header("Origin", "https://page.example"));
            assertStreams(script.header("Origin", "https://other.example").header("Sec-Fetch-Mode", "navigate"));
        }
        for (String site : List.of("same-origin", "none")) {
            assertStreams(SseClient.to(server.uri("/kafka-sse/" + TOPIC)).header("Sec-Fetch-Site", site));
        }
    }

    private static void assertStreams(SseClient.Request request) throws Exception {
        try (SseClient client = request.open()) {
            client.awaitText("id: -1\n", LIMIT);
            assertEquals(200, client.status());
        }
    }

    @OnEachContainer
    void shouldNameTheHeadersItLookedAt(WebServer.Kind kind) throws Exception {
        for (String path : List.of(TOPIC, TOPIC + "?offset=x")) {
            try (SseClient client = to(kind, path).open()) {
                client.awaitOpen(LIMIT);
                List<String> vary = List.of(client.header("Vary").split(", "));
                assertEquals(
                        Set.of(
                                "Origin",
                                "Sec-Fetch-Site",
                                "Sec-Fetch-Mode",
                                "Accept",
                                "Last-Event-ID",
                                "User-Agent",
                                "Accept-Encoding"),
                        Set.copyOf(vary));
                assertEquals(7, vary.size(), vary::toString);
            }
        }
    }

    @OnEachContainer
    void shouldAnswerOptionsWithTheMethodsThereAre(WebServer.Kind kind) throws Exception {
        try (SseClient client = to(kind, TOPIC).method("OPTIONS").open()) {
            client.awaitOpen(LIMIT);
            assertEquals(204, client.status());
            assertEquals("GET, HEAD, OPTIONS", client.header("Allow"));
            assertEquals(null, client.header("Access-Control-Allow-Origin"));
        }
    }

    private static SseClient preflight(WebServer server, String origin) throws Exception {
        SseClient client = SseClient.to(server.uri("/kafka-sse/" + TOPIC))
                .method("OPTIONS")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "last-event-id")
                .open();
        client.awaitOpen(LIMIT);
        return client;
    }

    @OnEachContainer
    void shouldAllowOriginsToAskAndToReadTheStream(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(kind, "allowed-origins", "https://page.example");
        try (SseClient client = preflight(server, "https://page.example")) {
            assertEquals(204, client.status());
            assertEquals("https://page.example", client.header("Access-Control-Allow-Origin"));
            assertTrue(client.header("Access-Control-Allow-Methods").contains("GET"), client::toString);
            assertTrue(client.header("Access-Control-Allow-Headers").contains("Last-Event-ID"), client::toString);
        }
        try (SseClient client = preflight(server, "https://other.example")) {
            assertEquals(null, client.header("Access-Control-Allow-Origin"));
            assertEquals(null, client.header("Access-Control-Allow-Headers"));
        }
        try (SseClient client = SseClient.to(server.uri("/kafka-sse/" + TOPIC))
                .header("Origin", "https://page.example")
                .open()) {
            client.awaitText("id: -1\n", LIMIT);
            assertEquals("https://page.example", client.header("Access-Control-Allow-Origin"));
            assertEquals(null, client.header("Access-Control-Allow-Credentials"));
        }
        try (SseClient client = preflight(SERVERS.of(kind, "allowed-origins", "*"), "https://any.example")) {
            assertEquals("*", client.header("Access-Control-Allow-Origin"));
        }
    }

    @OnEachContainer
    void shouldAllowCookiesAndHeadersWhereTheSettingsSaySo(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(
                kind,
                "allowed-origins",
                "https://page.example",
                "allow-credentials",
                "true",
                "allowed-headers",
                "Authorization,X-Request-ID");
        try (SseClient client = preflight(server, "https://page.example")) {
            assertEquals("true", client.header("Access-Control-Allow-Credentials"));
            assertEquals(
                    "Last-Event-ID, Cache-Control, Authorization, X-Request-ID",
                    client.header("Access-Control-Allow-Headers"));
        }
        try (SseClient client = preflight(server, "https://other.example")) {
            assertEquals(null, client.header("Access-Control-Allow-Credentials"));
        }
    }

    @OnEachContainer
    void shouldSayInTheLogOnceThatAsyncSupportedIsMissing(WebServer.Kind kind) throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("com.opengrail.kafka.sse");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try (WebServer server = kind.startWithoutAsync(SERVERS.settings())) {
            for (int i = 0; i < 3; i++) {
                assertRefused(500, "not set up", SseClient.to(server.uri("/kafka-sse/" + TOPIC)));
            }
            List<ILoggingEvent> errors = List.copyOf(lines.list).stream()
                    .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                    .toList();
            assertEquals(1, errors.size(), errors::toString);
            assertTrue(errors.get(0).getFormattedMessage().contains("<async-supported>true</async-supported>"));
        } finally {
            logger.detachAppender(lines);
        }
    }
}
