package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Footprint;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads that docs/concurrency.md names are those that there are. */
@Timeout(120)
class ThreadsIT {
    /** Several windows. */
    private static final int RECORDS = 100;

    private static final int RECORD_BYTES = 4096;

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Path PAGE = Path.of("..", "docs", "concurrency.md");
    private static final Pattern NAMED = Pattern.compile("^\\| `NAME-([a-z]+(?:-N)?)` \\|", Pattern.MULTILINE);

    private final Topics topics = KafkaBroker.shared().topics();

    @BeforeEach
    void awaitQuiet() {
        Await.until(
                "the threads of tests before", LIMIT, () -> Footprint.threads().isEmpty(), Footprint::threads);
    }

    @Test
    void shouldStartTheThreadsThatTheDocumentationNames() throws Exception {
        String one = topics.create("threads", 1);
        String other = topics.create("threads", 1);
        for (int i = 0; i < RECORDS; i++) {
            topics.produce(other, "k", "v".repeat(RECORD_BYTES));
        }
        try (WebServer server = WebServer.Kind.JETTY.start(Map.of(
                        "allowed-topics", ".*",
                        "kafka-broker-url", KafkaBroker.shared().bootstrapServers(),
                        "window-bytes", "65536",
                        "writer-threads", "3"));
                SseClient first = SseClient.to(server.uri("/kafka-sse/" + one)).open();
                SseClient second = SseClient.to(server.uri("/kafka-sse/" + other + "?last-event-id=-1"))
                        .open()) {
            first.awaitText("stream-position", LIMIT);
            second.awaitText("id: " + (RECORDS - 1) + "\n", LIMIT);
            Set<String> kinds = Footprint.threads().stream()
                    .map(name -> name.replaceFirst("^kafka-sse-kafka-sse-", "").replaceFirst("[0-9]+$", "N"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(namedOnThePage(), kinds);
            assertEquals(2 + 3 + 2 + 1, Footprint.threads().size(), () -> "threads: " + Footprint.threads());
        }
        Await.until("the end of all threads", LIMIT, () -> Footprint.threads().isEmpty(), Footprint::threads);
    }

    /** Some frameworks keep the user of a request in such a variable, and an engine may be made in a request. */
    @Test
    void shouldInheritNoVariableOfTheThreadThatMakesTheEngine() throws Exception {
        String topic = topics.create("threads", 1);
        for (int i = 0; i < RECORDS; i++) {
            topics.produce(topic, "k", "v".repeat(RECORD_BYTES));
        }
        InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
        Map<String, String> seen = new ConcurrentHashMap<>();
        Runnable look = () -> seen.put(kindOfThread(), String.valueOf(user.get()));
        user.set("ann");
        try (KafkaSse engine = KafkaSse.builder()
                        .bootstrapServers(KafkaBroker.shared().bootstrapServers())
                        .topics(topic)
                        .windowBytes(65_536)
                        .mapper((record, event, next) -> {
                            look.run();
                            next.accept(event);
                        })
                        .build();
                WebApplication application = start(engine, look);
                SseClient client =
                        SseClient.to(application.uri("/kafka-sse/?offset=0")).open()) {
            client.awaitText("id: " + (RECORDS - 1) + "\n", LIMIT);
            topics.produce(topic, "k", "live");
            client.awaitText("data: live\n", LIMIT);
        } finally {
            user.remove();
        }
        assertEquals(Map.of("feed", "null", "replay", "null", "writer", "null"), seen);
    }

    private static String kindOfThread() {
        return Thread.currentThread().getName().replaceFirst(".*-([a-z]+)-[0-9]+$", "$1");
    }

    private static WebApplication start(KafkaSse engine, Runnable look) throws Exception {
        HttpServlet servlet = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                engine.stream(request, response, StreamOptions.defaults().withEvents(event -> {
                    look.run();
                    return true;
                }));
            }
        };
        return WebApplication.start(
                WebServer.Kind.JETTY,
                "",
                application -> WebApplication.add(application, "kafka-sse", servlet, Map.of(), "/kafka-sse/*"));
    }

    private static Set<String> namedOnThePage() throws IOException {
        return NAMED.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
