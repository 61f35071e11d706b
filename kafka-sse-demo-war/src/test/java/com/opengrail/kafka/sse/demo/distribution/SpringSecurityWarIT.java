package com.opengrail.kafka.sse.demo.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.opengrail.kafka.sse.testing.Browser;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SpringLogIn;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;

/** The Spring Security recipes of docs/security.md in a WAR that brings Spring along, in each distribution. */
class SpringSecurityWarIT {
    private static final Topics TOPICS = KafkaBroker.shared().topics();
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration RECHECK = Duration.ofSeconds(1);
    private static final Duration SLACK = Duration.ofSeconds(1);

    /** Enough to open streams and to send them an event before the token expires, whatever else the machine does. */
    private static final int TOKEN_SECONDS = 8;

    private static final String POSITION = "event: stream-position\ndata: \n\n";
    private static final String EXAMPLES = "com.opengrail.kafka.sse.examples.";

    private static final Set<Distribution> LEFT_OUT =
            EnumSet.of(Distribution.OPEN_LIBERTY, Distribution.PAYARA, Distribution.WILDFLY);

    private static final Set<Distribution> DEPLOYED = EnumSet.noneOf(Distribution.class);

    private final String topic = TOPICS.create("orders", 1);

    /** The server with the application at {@code /secured}. */
    private static Container on(Distribution distribution) throws IOException {
        assumeFalse(LEFT_OUT.contains(distribution), "see docs/containers.md");
        Container container = Container.of(distribution);
        if (DEPLOYED.add(distribution)) {
            War war = new War(container.folder().resolve("secured.war"))
                    .withSpring()
                    .withClasses(List.of(
                            EXAMPLES + "SecuredSpringApplication",
                            EXAMPLES + "SecuredSpringApplication$Beans",
                            EXAMPLES + "SecuredController",
                            EXAMPLES + "TokenEndFilter",
                            EXAMPLES + "RolePage"));
            container.deploy("secured", war, "/login");
        }
        return container;
    }

    @AfterAll
    static void shouldLeaveTheServerAsItWas() throws IOException {
        for (Distribution distribution : DEPLOYED) {
            Container.of(distribution).undeploy("secured", "/login");
            Container.of(distribution).log().assertQuiet();
        }
    }

    private static Browser logIn(Container container) throws Exception {
        Browser browser = new Browser(container::uri);
        SpringLogIn.logIn(browser, "/secured", "alice", "secret");
        return browser;
    }

    private SseClient controllers(Browser browser) throws IOException {
        return browser.stream("/secured/streams/" + topic);
    }

    private SseClient servlets(Browser browser) throws IOException {
        return browser.stream("/secured/sse/" + topic);
    }

    private static SseClient withToken(Container container, String path, String token) throws IOException {
        return SseClient.to(container.uri("/secured/tokens" + path))
                .header("Authorization", "Bearer " + token)
                .open();
    }

    /** A token that alice has for a minute, signed with the key of {@code SecuredSpringApplication}. */
    private static String token(Instant expires, String role) throws GeneralSecurityException {
        String claims = "{\"sub\":\"alice\",\"iat\":%d,\"exp\":%d,\"roles\":[\"%s\"]}"
                .formatted(expires.getEpochSecond() - 60, expires.getEpochSecond(), role);
        String signed = base64("{\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
        return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void awaitEvent(String value, SseClient... streams) {
        TOPICS.produce(topic, "k", value);
        for (SseClient stream : streams) {
            stream.awaitText("data: " + value + "\n", Container.LIMIT);
        }
    }

    private static void awaitStart(SseClient... streams) {
        for (SseClient stream : streams) {
            stream.awaitText(POSITION, Container.LIMIT);
        }
    }

    private static void assertRefused(int status, SseClient client) throws IOException {
        try (client) {
            client.awaitOpen(Container.LIMIT);
            assertEquals(status, client.status());
            assertFalse(client.rawText().contains(POSITION), client::toString);
        }
    }

    private static void assertEnds(SseClient stream, long start, Duration most) {
        stream.awaitEnd(Container.LIMIT);
        Duration lasted = Duration.ofNanos(stream.endedAt() - start);
        assertTrue(lasted.compareTo(most) < 0, lasted::toString);
        assertTrue(stream.endedCleanly(), stream::toString);
        assertTrue(stream.rawText().endsWith(POSITION), stream::toString);
    }

    @OnEachDistribution
    void shouldStreamFromLogInToLogOut(Distribution distribution) throws Exception {
        Container container = on(distribution);
        Browser browser = new Browser(container::uri);
        assertRefused(302, controllers(browser));
        assertRefused(302, servlets(browser));
        SpringLogIn.logIn(browser, "/secured", "alice", "secret");
        try (SseClient controllers = controllers(browser);
                SseClient servlets = servlets(browser)) {
            awaitStart(controllers, servlets);
            awaitEvent("before", controllers, servlets);
            SpringLogIn.logOut(browser, "/secured");
            long start = System.nanoTime();
            assertEnds(controllers, start, SOON);
            assertEnds(servlets, start, SOON);
        }
        assertRefused(302, controllers(browser));
        assertRefused(302, servlets(browser));
    }

    @OnEachDistribution
    void shouldEndAStreamWhoseCheckFindsTheRoleWithdrawn(Distribution distribution) throws Exception {
        Browser browser = logIn(on(distribution));
        try (SseClient stream = controllers(browser)) {
            awaitStart(stream);
            long start = System.nanoTime();
            assertEquals(200, browser.get("/secured/?is=guest").statusCode());
            assertEnds(stream, start, RECHECK.plus(SLACK));
        } finally {
            browser.get("/secured/?is=reader");
        }
    }

    @OnEachDistribution
    void shouldStreamUntilTheTokenExpires(Distribution distribution) throws Exception {
        Container container = on(distribution);
        // The first requests take their time.
        String lasting = token(Instant.now().plusSeconds(60), "reader");
        try (SseClient controllers = withToken(container, "/streams/" + topic, lasting);
                SseClient servlets = withToken(container, "/sse/" + topic, lasting)) {
            awaitStart(controllers, servlets);
        }
        Instant expires = Instant.now().plusSeconds(TOKEN_SECONDS).truncatedTo(ChronoUnit.SECONDS);
        String token = token(expires, "reader");
        try (SseClient controllers = withToken(container, "/streams/" + topic, token);
                SseClient servlets = withToken(container, "/sse/" + topic, token)) {
            awaitStart(controllers, servlets);
            awaitEvent("before", controllers, servlets);
            Duration rest = Duration.between(Instant.now(), expires);
            long start = System.nanoTime();
            assertEnds(controllers, start, rest.plus(SLACK));
            assertEnds(servlets, start, rest.plus(SLACK));
            assertFalse(Instant.now().isBefore(expires));
        }
    }

    @OnEachDistribution
    void shouldRefuseARequestWithoutATokenOrWithoutTheRole(Distribution distribution) throws Exception {
        Container container = on(distribution);
        Instant expires = Instant.now().plusSeconds(60);
        assertRefused(401, withToken(container, "/sse/" + topic, "none"));
        assertRefused(401, withToken(container, "/streams/" + topic, token(expires, "reader") + "x"));
        assertRefused(403, withToken(container, "/sse/" + topic, token(expires, "guest")));
        assertRefused(403, withToken(container, "/streams/" + topic, token(expires, "guest")));
    }
}
