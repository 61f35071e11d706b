package com.opengrail.kafka.sse.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Behind the proxies that docs/containers.md configures, events come one by one, and browsers come back. */
@Timeout(180)
class ProxiesBrowserIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int EVENTS = 20;

    /** How often the browser is answered without a server. */
    private static final int ANSWERS = 5;

    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();

    private final int server = JavaProcess.freePort();
    private final int port = JavaProcess.freePort();

    @TempDir
    private Path folder;

    /** Where it starts as root, a proxy works as another user. */
    @BeforeEach
    void letAnybodyRead() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private WebServer serve() throws Exception {
        Map<String, String> settings = Map.of(
                "kafka-broker-url", BROKER.bootstrapServers(),
                "allowed-topics", ".*",
                "allowed-origins", "*",
                "retry-millis", "50",
                "keep-alive-millis", "200");
        return WebServer.Kind.JETTY.deploy(server, new StreamWithHealth(settings));
    }

    private URI stream(String topic) {
        return URI.create("http://127.0.0.1:" + port + "/kafka-sse/" + topic + "?offset=earliest");
    }

    @ParameterizedTest
    @EnumSource
    void shouldPassOnEachEventAsItComes(DocumentedProxy proxy) throws Exception {
        String topic = TOPICS.create("proxy", 1);
        try (WebServer there = serve()) {
            AutoCloseable running = proxy.start(folder, port, there.port());
            try (running;
                    SseClient client = SseClient.to(stream(topic))
                            .header("Accept-Encoding", "gzip, deflate")
                            .open()) {
                for (int i = 0; i < EVENTS; i++) {
                    String value = "value " + i;
                    TOPICS.produce(topic, "order", value);
                    client.awaitMatch(events -> events.stream().anyMatch(event -> value.equals(event.data())), LIMIT);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldBringABrowserBackThatHasFoundNoServer(DocumentedProxy proxy) throws Exception {
        Orders orders = new Orders(TOPICS, "proxy");
        AutoCloseable running = proxy.start(folder, port, server);
        try (running;
                FollowingPage page = new FollowingPage("", stream(orders.topic()), orders::received)) {
            AutoCloseable browser = Program.CHROMIUM.start(page);
            try (browser) {
                serveHalf(orders);
                orders.produceHalf();
                awaitAnswersWithoutServer(orders.topic(), page);
                serveHalf(orders);
                orders.assertEachOnce(proxy.toString());
            }
        }
    }

    private void serveHalf(Orders orders) throws Exception {
        try (WebServer there = serve()) {
            orders.produceHalf();
            orders.awaitAll();
            assertEquals(server, there.port());
        }
    }

    private void awaitAnswersWithoutServer(String topic, FollowingPage page) throws Exception {
        try (SseClient client = SseClient.to(stream(topic)).open()) {
            client.awaitText(":no server\n", LIMIT);
            assertEquals(200, client.status());
        }
        int before = page.ends();
        Await.until(ANSWERS + " more ends", LIMIT, () -> page.ends() >= before + ANSWERS, () -> page.ends() - before);
    }
}
