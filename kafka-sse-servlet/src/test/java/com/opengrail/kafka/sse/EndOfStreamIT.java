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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the server ends streams: with the position, in time, and without waiting for those who do not read. */
class EndOfStreamIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int CLIENTS = 200;
    private static final long AGE_MILLIS = 4000;

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    /** Tells when it is destroyed, and how long that takes. */
    private static final class Watched extends KafkaSseServlet {
        private static final long serialVersionUID = 1L;

        private final transient CountDownLatch destroyed = new CountDownLatch(1);
        private volatile long start;
        private volatile long end;

        @Override
        public void destroy() {
            start = System.nanoTime();
            destroyed.countDown();
            super.destroy();
            end = System.nanoTime();
        }

        long millis() {
            return TimeUnit.NANOSECONDS.toMillis(end - start);
        }
    }

    private static void closeAll(List<SseClient> clients) throws Exception {
        for (SseClient client : clients) {
            client.close();
        }
    }

    @OnEachContainer
    void shouldEndAllStreamsWithinASecondOfAnUndeployment(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("end", 1);
        Watched servlet = new Watched();
        WebServer server = kind.start(0, servlet, SERVERS.settings());
        List<SseClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(SseClient.to(server.uri("/kafka-sse/" + topic + "?event=none"))
                        .open());
            }
            for (SseClient client : clients) {
                client.awaitText("id: -1\n", LIMIT);
            }
            TOPICS.produce(topic, "k", "v");
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close);
            assertTrue(servlet.destroyed.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
            long millis = 0;
            for (SseClient client : clients) {
                client.awaitEnd(LIMIT);
                millis = Math.max(millis, TimeUnit.NANOSECONDS.toMillis(client.endedAt() - servlet.start));
            }
            stopped.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            assertTrue(millis <= 1000, "the streams ended " + millis + " ms after destroy()");
            assertTrue(servlet.millis() <= 1000, "destroy() took " + servlet.millis() + " ms");
            if (kind == WebServer.Kind.TOMCAT) {
                clients.forEach(EndOfStreamIT::assertEndedWithPosition);
            }
        } finally {
            closeAll(clients);
        }
    }

    private static Set<Thread> threadsOfServlets() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("kafka-sse"))
                .collect(Collectors.toSet());
    }

    @OnEachContainer
    void shouldLeaveNoThreadBehind(WebServer.Kind kind) throws Exception {
        Set<Thread> before = threadsOfServlets();
        AtomicReference<Set<Thread>> left = new AtomicReference<>();
        KafkaSseServlet servlet = new KafkaSseServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            public void destroy() {
                super.destroy();
                left.set(threadsOfServlets());
            }
        };
        WebServer server = kind.start(0, servlet, SERVERS.settings());
        String topic = TOPICS.create("end", 2);
        try (SseClient client = SseClient.to(server.uri("/kafka-sse/" + topic)).open()) {
            client.awaitText("stream-position\ndata: \n\n", LIMIT);
            assertTrue(threadsOfServlets().size() > before.size());
        } finally {
            server.close();
        }
        left.get().removeAll(before);
        assertEquals(Set.of(), left.get());
    }

    private static void assertEndedWithPosition(SseClient client) {
        assertTrue(client.endedCleanly(), client::toString);
        assertTrue(
                client.rawText()
                        .matches("retry: [0-9]+\n\nid: -1\nevent: stream-position\ndata: \n\n"
                                + "id: 0\nevent: stream-position\ndata: \n\n"),
                client::toString);
    }

    /** Each lasts at least half of the longest age. Nothing that takes its time the first time is left to that time. */
    @OnEachContainer
    void shouldEndAStreamOfTheLongestAgeWithItsPosition(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("end", 1);
        // A keep-alive would tell the position before.
        WebServer server =
                SERVERS.of(kind, "max-connection-millis", Long.toString(AGE_MILLIS), "keep-alive-millis", "0");
        URI url = server.uri("/kafka-sse/" + topic + "?event=none");
        List<SseClient> clients = new ArrayList<>();
        List<Long> begun = new ArrayList<>();
        List<Long> ages = new ArrayList<>();
        try (Producer<String, String> producer = TOPICS.producer();
                SseClient first = SseClient.to(url).open()) {
            producer.partitionsFor(topic);
            first.awaitText("id: -1\n", LIMIT);
            for (int i = 0; i < 20; i++) {
                begun.add(System.nanoTime());
                clients.add(SseClient.to(url).open());
            }
            // All at the same time: the first must not be over before the record is there.
            clients.forEach(client -> client.awaitText("id: -1\n", LIMIT));
            long opened = System.nanoTime();
            producer.send(new ProducerRecord<>(topic, "k", "v")).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            for (SseClient client : clients) {
                client.awaitEnd(LIMIT);
                long lasted = TimeUnit.NANOSECONDS.toMillis(client.endedAt() - begun.get(ages.size()));
                assertTrue(lasted >= AGE_MILLIS / 2, () -> "one lasted " + lasted + " ms");
                ages.add(TimeUnit.NANOSECONDS.toMillis(client.endedAt() - opened));
                assertEndedWithPosition(client);
            }
            long longest = ages.stream().mapToLong(Long::longValue).max().orElseThrow();
            assertTrue(longest <= AGE_MILLIS * 3 / 2 + 1000, ages::toString);
        } finally {
            closeAll(clients);
        }
    }

    private static void produce(String topic, int megabytes) {
        String value = "x".repeat(64 * 1024);
        for (int i = 0; i < megabytes; i++) {
            TOPICS.produce(IntStream.range(0, 16)
                    .mapToObj(n -> new ProducerRecord<>(topic, "k", value))
                    .toList());
        }
    }

    @OnEachContainer
    void shouldDropAClientThatDoesNotReadAndLetOthersGoOn(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("end", 1);
        WebServer server = SERVERS.of(kind, "stall-timeout-millis", "1500", "max-connections", "2");
        URI url = server.uri("/kafka-sse/" + topic);
        try (SseClient stuck = SseClient.to(url).stuck().open();
                SseClient reader = SseClient.to(url).open()) {
            stuck.awaitOpen(LIMIT);
            reader.awaitText("id: -1\n", LIMIT);
            produce(topic, 12);
            reader.awaitEvents(1 + 12 * 16, LIMIT);
            openWhenThereIsAPlace(url, "").close();
            stuck.startReading();
            stuck.awaitEnd(LIMIT);
            TOPICS.produce(topic, "k", "after");
            reader.awaitText("data: after\n\n", LIMIT);
            List<SseClient.Event> taken = stuck.events();
            assertTrue(taken.size() < 1 + 12 * 16, "the client was dropped too late to be seen");
            try (SseClient again = openWhenThereIsAPlace(url, stuck.lastEventId())) {
                again.awaitText("data: after\n\n", LIMIT);
                assertEquals(
                        1 + 12 * 16,
                        Integer.parseInt(stuck.lastEventId()) + again.events().size());
            }
        }
    }

    /** Whoever has been dropped or has left has no place any more as soon as that was noticed. */
    private static SseClient openWhenThereIsAPlace(URI url, String lastEventId) throws Exception {
        long start = System.nanoTime();
        while (true) {
            SseClient client =
                    SseClient.to(url).header("Last-Event-ID", lastEventId).open();
            client.awaitText("\n\n", LIMIT);
            if (!client.rawText().contains("too many connections")) {
                return client;
            }
            client.close();
            assertTrue(System.nanoTime() - start < LIMIT.toNanos(), "there is still no place");
        }
    }
}
