package com.opengrail.kafka.sse.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.opengrail.kafka.sse.KafkaSse;
import com.opengrail.kafka.sse.testing.Browser;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SpringLogIn;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** The Spring Security recipes of docs/security.md, as they stand in {@link SecuredSpringApplication}. */
class SpringSecurityIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration RECHECK = Duration.ofSeconds(1);
    private static final Duration SLACK = Duration.ofMillis(500);

    /** Enough to open streams and to send them an event before the token expires, whatever else the machine does. */
    private static final int TOKEN_SECONDS = 8;

    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();
    private static final String POSITION = "event: stream-position\ndata: \n\n";

    private static final Map<WebServer.Kind, Running> STARTED = new EnumMap<>(WebServer.Kind.class);

    private final String topic = TOPICS.create("orders", 1);

    /** The application in a container: one for all tests, since Spring takes its time. */
    private record Running(SecuredSpringApplication spring, WebApplication application) {
        static Running start(WebServer.Kind kind) {
            SecuredSpringApplication spring = new SecuredSpringApplication();
            System.setProperty("example.brokers", BROKER.bootstrapServers());
            try {
                return new Running(spring, WebApplication.start(kind, "/app", spring::onStartup));
            } catch (Exception e) {
                throw new IllegalStateException("The application has not started", e);
            } finally {
                System.clearProperty("example.brokers");
            }
        }

        <T> T bean(Class<T> type) {
            return spring.beans().getBean(type);
        }

        void giveRole(String role) {
            bean(InMemoryUserDetailsManager.class)
                    .updateUser(User.withUsername("alice")
                            .password("{noop}secret")
                            .roles(role)
                            .build());
        }

        SseClient withToken(String path, String token) throws IOException {
            return SseClient.to(application.uri("/app/tokens" + path))
                    .header("Authorization", token == null ? null : "Bearer " + token)
                    .open();
        }
    }

    private static Running on(WebServer.Kind kind) {
        return STARTED.computeIfAbsent(kind, Running::start);
    }

    @AfterAll
    static void stop() {
        STARTED.values().forEach(each -> each.application().close());
        STARTED.clear();
    }

    private static Browser logIn(Running running) throws Exception {
        Browser browser = new Browser(running.application());
        SpringLogIn.logIn(browser, "/app", "alice", "secret");
        return browser;
    }

    private static String token(Instant expires, String... roles) {
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .subject("alice")
                .issuedAt(expires.minusSeconds(60))
                .expiresAt(expires)
                .claim("roles", List.of(roles))
                .build();
        return new NimbusJwtEncoder(new ImmutableSecret<>(SecuredSpringApplication.KEY))
                .encode(JwtEncoderParameters.from(
                        JwsHeader.with(MacAlgorithm.HS256).build(), claims))
                .getTokenValue();
    }

    private static void assertRefused(int status, SseClient client) throws IOException {
        try (client) {
            client.awaitOpen(LIMIT);
            assertEquals(status, client.status());
        }
    }

    private static void assertEndsWithin(SseClient client, long start, Duration most) {
        assertEnds(client, start, most);
        assertTrue(client.rawText().endsWith(POSITION), client::toString);
    }

    private static void assertEnds(SseClient client, long start, Duration most) {
        client.awaitEnd(LIMIT);
        long millis = (client.endedAt() - start) / 1_000_000;
        assertTrue(millis <= most.toMillis(), "ended after " + millis + " ms");
        assertTrue(client.endedCleanly(), client::toString);
    }

    @OnEachContainer
    void shouldEndTheStreamsOfASessionThatTheRegistryExpires(WebServer.Kind kind) throws Exception {
        try (SseClient stream = logIn(on(kind)).stream("/app/streams/" + topic)) {
            stream.awaitText(POSITION, LIMIT);
            TOPICS.produce(topic, "k", "before");
            stream.awaitText("data: before\n", LIMIT);
            assertTrue(on(kind).bean(KafkaSse.class).streams().stream()
                    .anyMatch(each -> each.topics().equals(List.of(topic))
                            && each.user().orElseThrow().equals("alice")));
            long start = System.nanoTime();
            SessionRegistry registry = on(kind).bean(SessionRegistry.class);
            registry.getAllPrincipals().stream()
                    .flatMap(user -> registry.getAllSessions(user, false).stream())
                    .forEach(SessionInformation::expireNow);
            assertEndsWithin(stream, start, RECHECK.plus(SLACK));
        }
    }

    @OnEachContainer
    void shouldEndTheStreamsOfASessionThatAnotherRequestLogsOut(WebServer.Kind kind) throws Exception {
        Browser browser = logIn(on(kind));
        try (SseClient controllers = browser.stream("/app/streams/" + topic);
                SseClient servlets = browser.stream("/app/sse/" + topic)) {
            controllers.awaitText(POSITION, LIMIT);
            servlets.awaitText(POSITION, LIMIT);
            SpringLogIn.logOut(browser, "/app");
            long start = System.nanoTime();
            assertEndsWithin(controllers, start, SLACK);
            assertEndsWithin(servlets, start, SLACK);
            assertRefused(302, browser.stream("/app/sse/" + topic));
        }
    }

    /** The threads that ask for roles know nothing of the user. The stream must not end for that. */
    @OnEachContainer
    void shouldKeepTheRolesOfTheStartWhereOnlyTheRequestsThreadKnowsTheUser(WebServer.Kind kind) throws Exception {
        try (SseClient stream = logIn(on(kind)).stream("/app/sse/" + topic)) {
            stream.awaitText(POSITION, LIMIT);
            long start = System.nanoTime();
            int events = 0;
            while (System.nanoTime() - start < RECHECK.multipliedBy(2).toNanos()) {
                TOPICS.produce(topic, "k", "event " + ++events);
                stream.awaitText("data: event " + events + "\n", LIMIT);
            }
            assertFalse(stream.endedCleanly());
        }
    }

    @OnEachContainer
    void shouldEndAStreamWhoseCheckFindsTheRoleWithdrawn(WebServer.Kind kind) throws Exception {
        try (SseClient stream = logIn(on(kind)).stream("/app/streams/" + topic)) {
            stream.awaitText(POSITION, LIMIT);
            long start = System.nanoTime();
            on(kind).giveRole("guest");
            assertEndsWithin(stream, start, RECHECK.plus(SLACK));
        } finally {
            on(kind).giveRole("reader");
        }
    }

    @OnEachContainer
    void shouldEndAStreamWhenItsTokenExpires(WebServer.Kind kind) throws Exception {
        Running running = on(kind);
        // The first requests take their time.
        String lasting = token(Instant.now().plusSeconds(60), "reader");
        try (SseClient controllers = running.withToken("/streams/" + topic, lasting);
                SseClient servlets = running.withToken("/sse/" + topic, lasting)) {
            controllers.awaitText(POSITION, LIMIT);
            servlets.awaitText(POSITION, LIMIT);
        }
        Instant expires = Instant.now().plusSeconds(TOKEN_SECONDS).truncatedTo(ChronoUnit.SECONDS);
        String token = token(expires, "reader");
        try (SseClient controllers = running.withToken("/streams/" + topic, token);
                SseClient servlets = running.withToken("/sse/" + topic, token)) {
            controllers.awaitText(POSITION, LIMIT);
            servlets.awaitText(POSITION, LIMIT);
            TOPICS.produce(topic, "k", "before");
            controllers.awaitText("data: before\n", LIMIT);
            servlets.awaitText("data: before\n", LIMIT);
            long start = System.nanoTime();
            Duration rest = Duration.between(Instant.now(), expires);
            assertEndsWithin(controllers, start, rest.plus(SLACK));
            assertEndsWithin(servlets, start, rest.plus(SLACK));
            assertFalse(Instant.now().isBefore(expires));
        }
        // Spring takes a token for a minute longer, so that clocks may differ. Its stream ends at once, without an
        // event.
        try (SseClient late = running.withToken("/streams/" + topic + "?offset=earliest", token)) {
            assertEnds(late, System.nanoTime(), SLACK.multipliedBy(2));
            assertEquals(200, late.status());
            assertFalse(late.rawText().contains("data: before"));
        }
    }

    @OnEachContainer
    void shouldRefuseARequestWithoutATokenOrWithoutTheRole(WebServer.Kind kind) throws Exception {
        Running running = on(kind);
        Instant expires = Instant.now().plusSeconds(60);
        String path = "/sse/" + topic;
        assertRefused(401, running.withToken(path, null));
        assertRefused(401, running.withToken(path, token(expires, "reader") + "x"));
        assertRefused(401, running.withToken(path, token(expires.minusSeconds(600), "reader")));
        assertRefused(403, running.withToken(path, token(expires, "guest")));
        assertRefused(403, running.withToken("/streams/" + topic, token(expires)));
        assertRefused(403, running.withToken("/sse?topic=" + topic, token(expires)));
    }
}
