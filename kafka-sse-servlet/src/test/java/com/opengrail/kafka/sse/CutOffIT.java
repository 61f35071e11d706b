package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client that is cut off, which the server notices when it writes, harms nobody else. */
class CutOffIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int THREADS = 8;
    private static final int STREAMS_EACH = 50;

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    @OnEachContainer
    void shouldOpenEveryStreamWhileOthersAreCutOff(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("cut", 1);
        URI url = SERVERS.of(kind, "keep-alive-millis", "20").uri("/kafka-sse/" + topic);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (SseClient bystander = SseClient.to(url).open()) {
            bystander.awaitText("id: -1\n", LIMIT);
            List<Callable<List<String>>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                tasks.add(() -> openAndCut(url));
            }
            List<String> wrong = new ArrayList<>();
            for (Future<List<String>> faults : threads.invokeAll(tasks)) {
                wrong.addAll(faults.get());
            }
            assertEquals(List.of(), wrong, wrong.size() + " streams went wrong");
            TOPICS.produce(topic, "k", "v");
            bystander.awaitText("data: v\n\n", LIMIT);
            assertTrue(
                    bystander
                            .rawText()
                            .matches("retry: [0-9]+\n\nid: -1\nevent: stream-position\ndata: \n\n(:\n)*"
                                    + "id: 0\nevent: k\ndata: v\n\n(:\n)*"),
                    bystander::toString);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<String> openAndCut(URI url) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < STREAMS_EACH; i++) {
            try (SseClient client = SseClient.to(url).open()) {
                client.awaitText(":\n:\n", LIMIT);
                if (!client.rawText().matches("retry: [0-9]+\n\nid: -1\nevent: stream-position\ndata: \n\n(:\n)*")) {
                    wrong.add(client.toString());
                }
            } catch (AssertionError e) {
                wrong.add(e.getMessage());
            }
        }
        return wrong;
    }
}
