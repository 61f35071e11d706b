package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.DelayingProxy;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.SseSwarm;
import com.opengrail.kafka.sse.testing.SwarmCheck;
import com.opengrail.kafka.sse.testing.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** With brokers in another part of the world, 300 ms away in each direction, replays end and live events come. */
@Timeout(240)
class FarBrokersIT {
    private static final Logger LOG = LoggerFactory.getLogger(FarBrokersIT.class);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration DELAY = Duration.ofMillis(300);

    /** Several times there and back. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final String TOPIC = "far";
    private static final int RECORDS = 10_000;
    private static final int PLACES = 20;
    private static final int INSTANTS = 10;
    private static final String FILLING = "far ".repeat(100);

    private final int near = JavaProcess.freePort();
    private final int far = JavaProcess.freePort();
    private final int proxied = JavaProcess.freePort();

    @TempDir
    private Path folder;

    /** The test writes through the usual listener; the other one is announced under the proxy's port. */
    private KafkaBroker broker() {
        int controller = JavaProcess.freePort();
        return KafkaBroker.start(
                folder.resolve("broker"),
                near,
                List.of(
                        "controller.quorum.voters=1@127.0.0.1:" + controller,
                        "listeners=PLAINTEXT://127.0.0.1:" + near + ",FAR://127.0.0.1:" + far
                                + ",CONTROLLER://127.0.0.1:" + controller,
                        "advertised.listeners=PLAINTEXT://127.0.0.1:" + near + ",FAR://127.0.0.1:" + proxied,
                        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,FAR:PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "inter.broker.listener.name=PLAINTEXT"));
    }

    @Test
    void shouldEndReplaysAtManyPlacesWhileLiveEventsCome() throws Exception {
        try (KafkaBroker broker = broker();
                DelayingProxy proxy = new DelayingProxy(proxied, far, DELAY)) {
            broker.topics().createNamed(TOPIC, 1);
            produce(broker, 0, RECORDS);
            try (WebServer server = WebServer.Kind.JETTY.start(Map.of(
                            "topic", TOPIC, "kafka-broker-url", "127.0.0.1:" + proxied, "window-bytes", "65536"));
                    SseClient live = SseClient.to(server.uri("/kafka-sse")).open()) {
                live.awaitText("stream-position", LIMIT);
                startAtManyInstants(server);
                follow(broker, server, live);
            }
            assertTrue(proxy.connections() > 0);
        }
    }

    /** Each is a look-up of its own, and the admin client sends one request after the other. */
    private static void startAtManyInstants(WebServer server) throws Exception {
        long start = System.nanoTime();
        List<SseClient> clients = new ArrayList<>();
        try {
            for (int i = 1; i <= INSTANTS; i++) {
                clients.add(SseClient.to(server.uri("/kafka-sse?since=" + i)).open());
            }
            for (SseClient client : clients) {
                client.awaitText("data: 0 ", LIMIT);
            }
        } finally {
            for (SseClient client : clients) {
                client.close();
            }
        }
        LOG.warn("{} clients have found their starts after {} ms", INSTANTS, millisSince(start));
    }

    private void follow(KafkaBroker broker, WebServer server, SseClient live) throws Exception {
        long start = System.nanoTime();
        int next = RECORDS;
        try (SseSwarm replays = SseSwarm.against(server.uri("/kafka-sse"))
                .connections(PLACES)
                .lastEventIds(place -> Integer.toString(place(place)))
                .checks(place -> SwarmCheck.sequenceFrom(place(place) + 1))
                .start()) {
            replays.awaitEvents(1, LIMIT);
            LOG.warn("{} places have begun after {} ms", PLACES, millisSince(start));
            long slowest = 0;
            while (replays.stats().events() < wanted(next)) {
                long written = System.nanoTime();
                produce(broker, next, next + 1);
                live.awaitText("data: " + next + " ", SOON);
                next++;
                slowest = Math.max(slowest, millisSince(written));
                assertTrue(millisSince(start) < LIMIT.toMillis(), replays.stats()::toString);
            }
            LOG.warn(
                    "{} places with {} events have ended after {} ms; {} live events meanwhile, the slowest took {} ms",
                    PLACES,
                    wanted(next),
                    millisSince(start),
                    next - RECORDS,
                    slowest);
            assertEquals(wanted(next), replays.stats().events());
            assertEquals(0, replays.stats().faults(), replays.stats()::toString);
            assertEquals(0, replays.stats().gaps());
            assertEquals(0, replays.stats().ended());
        }
    }

    /** The offset of the last record that the client at a place has. */
    private static int place(int number) {
        return number * RECORDS / 2 / PLACES;
    }

    private static long wanted(int written) {
        return IntStream.range(0, PLACES)
                .mapToLong(number -> written - place(number) - 1)
                .sum();
    }

    private static long millisSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static void produce(KafkaBroker broker, int from, int to) {
        broker.topics()
                .produce(IntStream.range(from, to)
                        .mapToObj(i -> new ProducerRecord<>(TOPIC, "k", i + " " + FILLING))
                        .toList());
    }
}
