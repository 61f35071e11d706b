package com.opengrail.kafka.sse.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.Certificates;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A page in Chromium follows streams over HTTPS with HTTP/2, all of them in one connection. */
@Timeout(240)
class Http2BrowserIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CUTS = 6;

    /** More than the connections that a browser opens to a host. */
    private static final int STREAMS = 8;

    private static final int EVENTS = 20;

    /** What a browser takes for a page that does not read: the window of a stream, 6 MB in Chromium, and some buffers. */
    private static final int UNREAD_EVENTS = 60;

    private static final int UNREAD_EVENT_BYTES = 250_000;

    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();

    private static Path keyStore;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) {
        keyStore = Certificates.in(folder).issue("server", "server");
    }

    static Stream<Arguments> serversAndCompressions() {
        return Stream.of(WebServer.Kind.values())
                .flatMap(kind -> Stream.of("gzip", "none").map(compression -> Arguments.of(kind, compression)));
    }

    private static RecordedApplication application(String compression) {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka-broker-url", BROKER.bootstrapServers());
        settings.put("allowed-topics", ".*");
        settings.put("allowed-origins", "*");
        settings.put("retry-millis", "50");
        settings.put("keep-alive-millis", "200");
        settings.put("compression", compression);
        return new RecordedApplication(settings);
    }

    private static void assertAllHttp2(RecordedApplication application) {
        assertEquals(
                Set.of("HTTP/2.0"),
                application.seen().stream()
                        .map(RecordedApplication.Seen::protocol)
                        .collect(Collectors.toSet()));
        assertTrue(
                application.seen().stream()
                        .allMatch(seen -> seen.acceptEncoding().contains("gzip")),
                () -> application.seen().toString());
    }

    @ParameterizedTest
    @MethodSource("serversAndCompressions")
    void shouldGetEachEventOnceOverCuts(WebServer.Kind kind, String compression) throws Exception {
        long seed = new Random().nextLong();
        Orders orders = new Orders(TOPICS, "http2");
        RecordedApplication application = application(compression);
        try (WebServer server = kind.deploySecure(0, keyStore, application);
                CuttingProxy proxy = new CuttingProxy(server.port(), CUTS, false, seed);
                FollowingPage page = new FollowingPage(
                        "", secure(proxy.uri("/").getPort(), orders.topic() + "?offset=earliest"), orders::received)) {
            orders.produceHalf();
            AutoCloseable running = Program.CHROMIUM.start(page);
            try (running) {
                orders.awaitSome();
                orders.produceHalf();
                orders.awaitAll();
            }
            String what = kind + " " + compression + ", seed " + seed;
            orders.assertEachOnce(what);
            assertEquals(CUTS, proxy.cuts(), what);
            assertAllHttp2(application);
        }
    }

    private static URI secure(int port, String topicAndQuery) {
        return URI.create("https://127.0.0.1:" + port + "/kafka-sse/" + topicAndQuery);
    }

    /** The page opens a stream that it does not read, and then several that it reads, each of which has each event. */
    @OnEachContainer
    void shouldFollowManyStreamsBesideOneThatIsNotRead(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("http2", 1);
        String unread = TOPICS.create("unread", 1);
        RecordedApplication application = application("none");
        Queue<String> received = new ConcurrentLinkedQueue<>();
        produceUnread(unread);
        try (WebServer server = kind.deploySecure(0, keyStore, application);
                FollowingPage page = new FollowingPage(
                        manyBesideUnread(secure(server.port(), unread + "?offset=earliest")),
                        secure(server.port(), topic + "?offset=earliest"),
                        (name, data) -> received.add(data))) {
            AutoCloseable running = Program.CHROMIUM.start(page);
            try (running) {
                for (int i = 1; i <= EVENTS; i++) {
                    int all = i * STREAMS;
                    TOPICS.produce(topic, "order", Integer.toString(i));
                    Await.until(all + " events", LIMIT, () -> received.size() >= all, () -> received);
                }
                awaitStalled(unread);
                TOPICS.produce(topic, "order", "last");
                Await.until("last", LIMIT, () -> Collections.frequency(received, "last") == STREAMS, () -> received);
            }
            assertEachFromEach(received);
            assertAllHttp2(application);
            assertEquals(
                    1,
                    application.seen().stream()
                            .mapToInt(RecordedApplication.Seen::clientPort)
                            .distinct()
                            .count());
            assertEquals(STREAMS + 1, application.seen().size());
        }
    }

    private static void produceUnread(String topic) {
        TOPICS.produce(IntStream.range(0, UNREAD_EVENTS)
                .mapToObj(i -> new ProducerRecord<>(topic, "unread", "x".repeat(UNREAD_EVENT_BYTES)))
                .toList());
    }

    private static String manyBesideUnread(URI unread) {
        return """
                window.unread = (await fetch('UNREAD')).body.getReader();
                const One = window.EventSource;
                class EventSource {
                  constructor(url) {
                    const all = Array.from({ length: STREAMS }, () => new One(url));
                    this.addEventListener = (type, listener) =>
                      all.forEach((source) => source.addEventListener(type, listener));
                  }
                }
                """.replace("UNREAD", unread.toString()).replace("STREAMS", Integer.toString(STREAMS));
    }

    /** Until nothing more is written to the stream of a topic, of which by far not all has been. */
    private static void awaitStalled(String topic) {
        long[] before = {-1, 0};
        Await.until(
                "the unread stream to wait",
                LIMIT,
                () -> {
                    long now = eventsSent(topic);
                    before[1] = now == before[0] ? before[1] + 1 : 0;
                    before[0] = now;
                    return now > 0 && before[1] > 100;
                },
                () -> before[0] + " events");
        assertTrue(before[0] < UNREAD_EVENTS, before[0] + " events were written");
    }

    private static long eventsSent(String topic) {
        return Stream.of((CompositeData[]) Beans.only().get("Streams"))
                .filter(stream -> topic.equals(stream.get("topics")))
                .mapToLong(stream -> (long) stream.get("events"))
                .sum();
    }

    private static void assertEachFromEach(Queue<String> received) {
        Map<String, Long> times = received.stream().collect(Collectors.groupingBy(data -> data, Collectors.counting()));
        assertEquals(EVENTS + 1, times.size(), times::toString);
        assertEquals(Set.of((long) STREAMS), Set.copyOf(times.values()), times::toString);
    }

    @OnEachContainer
    void shouldComeBackToAServerThatWasStopped(WebServer.Kind kind) throws Exception {
        int port = JavaProcess.freePort();
        Orders orders = new Orders(TOPICS, "http2");
        try (FollowingPage page =
                new FollowingPage("", secure(port, orders.topic() + "?offset=earliest"), orders::received)) {
            AutoCloseable browser = Program.CHROMIUM.start(page);
            try (browser) {
                serveHalf(kind, port, orders);
                orders.produceHalf();
                int before = page.ends();
                Await.until("vain tries", LIMIT, () -> page.ends() > before + 1, () -> page.ends() - before);
                serveRest(kind, port, orders);
            }
        }
        orders.assertEachOnce(kind.toString());
    }

    private static void serveHalf(WebServer.Kind kind, int port, Orders orders) throws Exception {
        RecordedApplication application = application("gzip");
        try (WebServer server = kind.deploySecure(port, keyStore, application)) {
            orders.produceHalf();
            orders.awaitAll();
            assertEquals(port, server.port());
        }
        assertAllHttp2(application);
    }

    private static void serveRest(WebServer.Kind kind, int port, Orders orders) throws Exception {
        try (WebServer server = kind.deploySecure(port, keyStore, application("gzip"))) {
            orders.awaitAll();
            assertEquals(port, server.port());
        }
    }
}
