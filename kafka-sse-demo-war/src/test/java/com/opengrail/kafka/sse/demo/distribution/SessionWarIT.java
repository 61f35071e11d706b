package com.opengrail.kafka.sse.demo.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Browser;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SessionPage;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams in sessions that an operator ends with Tomcat's manager application. */
class SessionWarIT {
    private static final Topics TOPICS = KafkaBroker.shared().topics();
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final String POSITION = "event: stream-position\ndata: \n\n";
    private static final String WEB_XML = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <servlet>
                <servlet-name>page</servlet-name>
                <servlet-class>com.opengrail.kafka.sse.testing.SessionPage</servlet-class>
              </servlet>
              <servlet-mapping><servlet-name>page</servlet-name><url-pattern>/page</url-pattern></servlet-mapping>
              <servlet>
                <servlet-name>kafka-sse</servlet-name>
                <servlet-class>com.opengrail.kafka.sse.KafkaSseServlet</servlet-class>
                <load-on-startup>1</load-on-startup>
                <async-supported>true</async-supported>
              </servlet>
              <servlet-mapping><servlet-name>kafka-sse</servlet-name><url-pattern>/kafka-sse/*</url-pattern></servlet-mapping>
            </web-app>
            """;

    private static SseClient open(Browser browser, String topic) throws IOException {
        SseClient stream = browser.stream("/sessions/kafka-sse/" + topic);
        stream.awaitText(POSITION, Container.LIMIT);
        return stream;
    }

    private static String expireAll(Container container) throws Exception {
        String user = Tomcat.MANAGER + ":" + Tomcat.MANAGERS_PASSWORD;
        HttpRequest request = HttpRequest.newBuilder(container.uri("/manager/text/expire?path=/sessions&idle=0"))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertEquals(200, answer.statusCode());
        return answer.body();
    }

    private static void assertEnds(SseClient stream, long start) {
        stream.awaitEnd(Container.LIMIT);
        Duration lasted = Duration.ofNanos(stream.endedAt() - start);
        assertTrue(lasted.compareTo(SOON) < 0, lasted::toString);
        assertTrue(stream.endedCleanly(), stream::toString);
        assertTrue(stream.rawText().endsWith(POSITION), stream::toString);
    }

    @ParameterizedTest
    @EnumSource(
            value = Distribution.class,
            names = {"TOMCAT_10_1", "TOMCAT_11"})
    void shouldEndTheStreamsOfSessionsThatTheManagerExpires(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        container.deployManager();
        War war = new War(container.folder().resolve("sessions.war"))
                .withClasses(List.of(SessionPage.class.getName()))
                .with("WEB-INF/web.xml", WEB_XML);
        container.deploy("sessions", war, "/page");
        String topic = TOPICS.create("it-sessions", 1);
        Browser browser = new Browser(container::uri);
        try (SseClient without = open(browser, topic)) {
            browser.get("/sessions/page?begin=600");
            try (SseClient first = open(browser, topic);
                    SseClient second = open(browser, topic)) {
                assertEquals("[name]", browser.get("/sessions/page").body());
                String answer = expireAll(container);
                long start = System.nanoTime();
                assertTrue(answer.startsWith("OK - "), answer);
                assertEnds(first, start);
                assertEnds(second, start);
            }
            assertEquals("no session", browser.get("/sessions/page").body());
            TOPICS.produce(topic, "k", "after");
            without.awaitText("data: after\n", Container.LIMIT);
            assertFalse(without.endedCleanly());
        }
        container.undeploy("sessions", "/page");
        container.log().assertQuiet();
    }
}
