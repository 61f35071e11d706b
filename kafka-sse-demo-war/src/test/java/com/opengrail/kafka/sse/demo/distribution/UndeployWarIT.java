package com.opengrail.kafka.sse.demo.distribution;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The WAR is taken away from a server that goes on, or replaced, as an operator does it. In processes of its own: a
 * server may keep what a connection has last been used for until it is closed, and other tests leave some open.
 */
class UndeployWarIT {
    private static final Map<Distribution, CompletableFuture<Container>> CONTAINERS = Container.startAll("undeploy");
    private static final int CLIENTS = 50;
    private static final int REDEPLOYMENTS = 10;
    private static final long UNDEPLOYMENT_MILLIS = 4000;
    private static final Topics TOPICS = KafkaBroker.shared().topics();

    @AfterAll
    static void stopContainers() {
        CONTAINERS.values().forEach(started -> started.join().stop());
    }

    private static List<SseClient> open(URI url, int number) throws Exception {
        List<SseClient> clients = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            clients.add(SseClient.to(url).open());
        }
        for (SseClient client : clients) {
            client.awaitText("stream-position\ndata: \n\n", Container.LIMIT);
        }
        return clients;
    }

    private static void close(List<SseClient> clients) throws Exception {
        for (SseClient client : clients) {
            client.close();
        }
    }

    private static void assertEndedWithPosition(SseClient client) {
        client.awaitEnd(Container.LIMIT);
        assertTrue(client.endedCleanly(), client::toString);
        assertTrue(client.rawText().endsWith("id: 0\nevent: stream-position\ndata: \n\n"), client::toString);
    }

    @OnEachDistribution
    void shouldEndEveryStreamWithItsPositionAndLeaveNothingBehind(Distribution distribution) throws Exception {
        Container container = CONTAINERS.get(distribution).join();
        try {
            undeployWithStreams(container);
            assertNothingLeft(container, 0);
            assertEquals(List.of(), container.threads());
            container.log().assertQuiet();
        } finally {
            container.deploy();
        }
    }

    /** Closes all connections in the end: Jetty keeps what one has last been used for until it is closed. */
    private static void undeployWithStreams(Container container) throws Exception {
        String topic = TOPICS.create("it-undeploy", 1);
        List<SseClient> clients = open(container.stream(topic + "?event=none"), CLIENTS);
        try {
            SseClient witness = open(container.stream(topic), 1).get(0);
            clients.add(witness);
            TOPICS.produce(topic, "k", "v");
            witness.awaitText("data: v\n\n", Container.LIMIT);
            container.undeploy();
            clients.forEach(UndeployWarIT::assertEndedWithPosition);
        } finally {
            close(clients);
        }
    }

    @OnEachDistribution
    void shouldStayQuietWhereClientsAreCutOffDuringAnUndeployment(Distribution distribution) throws Exception {
        Container container = CONTAINERS.get(distribution).join();
        URI url = container.stream(TOPICS.create("it-reset", 1));
        List<SseClient> clients = open(url, CLIENTS);
        try {
            container.removeWar();
            // Some leave at each moment of it, the last when all is over.
            for (SseClient client : clients) {
                client.close();
                Await.until(
                        "a part of the undeployment",
                        Container.LIMIT,
                        new Elapsed(UNDEPLOYMENT_MILLIS / CLIENTS),
                        () -> "none");
            }
            container.awaitUndeployed();
            assertNothingLeft(container, 0);
            container.log().assertQuiet();
        } finally {
            container.deploy();
        }
    }

    private static final class Elapsed implements BooleanSupplier {
        private final long start = System.nanoTime();
        private final long millis;

        Elapsed(long millis) {
            this.millis = millis;
        }

        @Override
        public boolean getAsBoolean() {
            return System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(millis);
        }
    }

    /** On all servers at the same time: most of it waits for them. */
    @Test
    void shouldKeepOneApplicationInMemoryOverManyRedeployments() {
        ExecutorService threads = Executors.newFixedThreadPool(CONTAINERS.size());
        List<Future<Void>> done = new ArrayList<>();
        for (Distribution distribution : CONTAINERS.keySet()) {
            done.add(threads.submit(() -> {
                redeployManyTimes(distribution);
                return null;
            }));
        }
        threads.shutdown();
        assertAll(done.stream().map(each -> each::get));
    }

    private static void redeployManyTimes(Distribution distribution) throws Exception {
        Container container = CONTAINERS.get(distribution).join();
        URI url = container.stream(TOPICS.create("it-redeploy", 2));
        for (int i = 0; i < REDEPLOYMENTS; i++) {
            // Some with streams open, which is what holds on to an application if anything does.
            List<SseClient> clients = open(url, i % 5 == 1 ? 3 : 0);
            container.deploy();
            for (SseClient client : clients) {
                client.awaitEnd(Container.LIMIT);
            }
            close(clients);
        }
        assertNothingLeft(container, 1);
        container.log().assertQuiet();
    }

    private static boolean isOrKept(Container container, long applications) {
        long found = container.applications();
        return found >= applications
                && found
                        <= applications
                                + container.distribution().installation().kept();
    }

    private static void assertNothingLeft(Container container, long applications) {
        Await.until(
                applications + " applications in memory",
                Container.LIMIT,
                () -> isOrKept(container, applications),
                () -> container.applications() + " with the threads " + container.threads());
    }
}
