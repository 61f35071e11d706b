package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Footprint;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

    private static Set<String> namedOnThePage() throws IOException {
        return NAMED.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
