package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.DelayingProxy;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaNodes;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While one of several brokers does not answer, clients at many positions get all older records of the others. */
class SilentBrokerIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Offsets are waited for once, by the clients that come first. */
    private static final Duration SOON = Duration.ofSeconds(25);

    private static final String TOPIC = "half-silent";
    private static final int WELL_NODE = 1;
    private static final int SILENT_NODE = 2;
    private static final int RECORDS = 1_500;
    private static final int STEP = 125;
    private static final String FILLING = "v".repeat(500);

    @TempDir
    private Path folder;

    /** A client that starts at an offset of the partitions 0 and 1, which are well, and of 2 and 3. */
    private record Replay(int well, int silent, SseClient client) {

        static Replay open(WebServer server, int well, int silent) throws Exception {
            String offsets = "?offset=0:" + well + ",1:" + well + ",2:" + silent + ",3:" + silent;
            return new Replay(
                    well,
                    silent,
                    SseClient.to(server.uri("/kafka-sse" + offsets)).open());
        }

        private List<String> got(int partition) {
            return client.events().stream()
                    .map(SseClient.Event::data)
                    .filter(data -> data.startsWith(partition + " "))
                    .map(data -> data.substring(0, data.indexOf('v')))
                    .toList();
        }

        private static List<String> wanted(int partition, int from) {
            return IntStream.range(from, RECORDS)
                    .mapToObj(i -> partition + " " + i + " ")
                    .toList();
        }

        void awaitAll(int first, int second, int from, Duration limit) {
            for (int partition : List.of(first, second)) {
                int count = RECORDS - from;
                Await.until(
                        count + " records of " + partition,
                        limit,
                        () -> got(partition).size() >= count,
                        () -> got(partition).size() + " at " + well + ", " + silent);
                assertEquals(wanted(partition, from), got(partition));
            }
        }
    }

    private static void fill(KafkaNodes nodes) throws Exception {
        Map<Integer, List<Integer>> leaders =
                Map.of(0, List.of(WELL_NODE), 1, List.of(WELL_NODE), 2, List.of(SILENT_NODE), 3, List.of(SILENT_NODE));
        try (Admin admin = nodes.topics().admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, leaders)))
                    .all()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
        nodes.topics()
                .produce(IntStream.range(0, 4 * RECORDS)
                        .mapToObj(i -> new ProducerRecord<>(TOPIC, i % 4, "k", i % 4 + " " + i / 4 + " " + FILLING))
                        .toList());
    }

    @Test
    void shouldReplayTheOthersAndCatchUpLater() throws Exception {
        int port = JavaProcess.freePort();
        int announced = JavaProcess.freePort();
        int well = JavaProcess.freePort();
        Map<Integer, KafkaNodes.Proxied> listeners = Map.of(
                WELL_NODE, new KafkaNodes.Proxied(well, well), SILENT_NODE, new KafkaNodes.Proxied(port, announced));
        String bootstrapServers = "127.0.0.1:" + well;
        try (DelayingProxy proxy = new DelayingProxy(announced, port, Duration.ZERO);
                KafkaNodes nodes = KafkaNodes.start(folder, listeners)) {
            fill(nodes);
            try (WebServer server = WebServer.Kind.JETTY.start(
                            Map.of("topic", TOPIC, "kafka-broker-url", bootstrapServers, "window-bytes", "262144"));
                    SseClient live = SseClient.to(server.uri("/kafka-sse")).open()) {
                live.awaitText("stream-position", LIMIT);
                proxy.holdBack(true);
                replay(server, proxy);
            }
        }
    }

    private static void replay(WebServer server, DelayingProxy proxy) throws Exception {
        List<Replay> replays = new ArrayList<>();
        try {
            for (int i = 0; i < RECORDS; i += STEP) {
                replays.add(Replay.open(server, i, i % (2 * STEP) == 0 ? RECORDS : i));
            }
            long end = System.nanoTime() + SOON.toNanos();
            for (Replay each : replays) {
                each.awaitAll(0, 1, each.well, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            }
            proxy.holdBack(false);
            for (Replay each : replays) {
                each.awaitAll(2, 3, each.silent, LIMIT);
                each.awaitAll(0, 1, each.well, LIMIT);
            }
        } finally {
            for (Replay each : replays) {
                each.client.close();
            }
        }
    }
}
