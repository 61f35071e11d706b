package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.slf4j.LoggerFactory;

/** What is logged above DEBUG: a stream of topics that starts or stops, and nothing of single clients and events. */
class LoggingIT {
    /** The first of the lines that say what is in effect. */
    private static final String SETTINGS = "INFO Settings of kafka-sse-shop-orders:";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CLIENTS = 20;

    private final Logger logger = (Logger) LoggerFactory.getLogger("com.opengrail.kafka.sse");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final KafkaBroker broker = KafkaBroker.shared();
    private final Topics topics = broker.topics();

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    private List<String> logged() {
        return List.copyOf(lines.list).stream()
                .map(line -> line.getLevel() + " "
                        + line.getFormattedMessage().lines().findFirst().orElse("")
                        + (line.getThrowableProxy() == null ? "" : " with a stack trace"))
                .toList();
    }

    private WebApplication start(WebServer.Kind kind, String topic) throws Exception {
        Map<String, String> settings = new Servers(broker.bootstrapServers())
                .settings("topic", topic, "keep-alive-millis", "50", "stall-timeout-millis", "1000");
        return WebApplication.start(
                kind,
                "/shop",
                context -> WebApplication.add(context, "orders", new KafkaSseServlet(), settings, "/orders/*"));
    }

    /** A client that closes its connection in an orderly way in the middle of the stream. */
    private static void readAndFinish(URI url) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            String request = "GET " + url.getPath() + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            StringBuilder read = new StringBuilder();
            while (read.indexOf("stream-position") < 0) {
                read.append((char) in.read());
            }
            socket.shutdownOutput();
        }
    }

    private static void cutOff(URI url) throws IOException {
        try (SseClient client = SseClient.to(url).open()) {
            client.awaitText("stream-position", LIMIT);
        }
    }

    @OnEachContainer
    void shouldLogTheStreamOfTopicsAndNotItsClients(WebServer.Kind kind) throws Exception {
        String topic = topics.create("logging", 1);
        String start = "INFO Following " + topic;
        try (WebApplication application = start(kind, topic)) {
            URI url = application.uri("/shop/orders");
            try (SseClient stays = SseClient.to(url).open();
                    SseClient stuck = SseClient.to(url).stuck().open()) {
                stays.awaitText("stream-position", LIMIT);
                stuck.awaitOpen(LIMIT);
                for (int i = 0; i < CLIENTS; i++) {
                    readAndFinish(url);
                    cutOff(url);
                    topics.produce(topic, "k", "x".repeat(500_000));
                }
                Beans.only().await("Connections", 1);
                refusedOnes(application);
                assertEquals(List.of(SETTINGS, start), logged());
                application.undeploy();
                stays.awaitEnd(LIMIT);
            }
        }
        // The feed's thread may say so when the application has gone.
        Await.until("the end of the feed", LIMIT, () -> logged().size() >= 3, () -> logged());
        assertEquals(List.of(SETTINGS, start, "INFO No longer following " + topic), logged());
    }

    private static void refusedOnes(WebApplication application) throws IOException {
        for (String path : List.of("/shop/orders?offset=x", "/shop/orders/a%20b", "/shop/orders/logging-nowhere")) {
            try (SseClient client = SseClient.to(application.uri(path)).open()) {
                client.awaitEnd(LIMIT);
            }
        }
    }
}
