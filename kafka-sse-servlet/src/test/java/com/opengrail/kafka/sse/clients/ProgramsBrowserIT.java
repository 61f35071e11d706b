package com.opengrail.kafka.sse.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Browsers and programs in other languages get each event once, however often they are cut off, and wherever but in the head of an answer: what they
 * have of that they take for all, and an EventSource gives up at an answer without the right headers. All of them accept gzip.
 */
@Timeout(240)
class ProgramsBrowserIT {
    private static final int CUTS = 8;
    private static final int SINGLE_EVENTS = 5;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    static Stream<Arguments> programsAndServers() {
        return Stream.of(Program.values())
                .flatMap(program -> Stream.of(WebServer.Kind.values()).map(kind -> Arguments.of(program, kind)));
    }

    @ParameterizedTest
    @MethodSource("programsAndServers")
    void shouldGetEachEventOnceOverCuts(Program program, WebServer.Kind kind) throws Exception {
        long seed = new Random().nextLong();
        Orders orders = new Orders(TOPICS, "program");
        WebServer server = SERVERS.of(kind, "retry-millis", "50", "keep-alive-millis", "200", "allowed-origins", "*");
        try (CuttingProxy proxy = new CuttingProxy(server.port(), CUTS, true, seed);
                FollowingPage page = new FollowingPage(
                        program.imports(),
                        proxy.uri("/kafka-sse/" + orders.topic() + "?offset=earliest"),
                        orders::received)) {
            orders.produceHalf();
            AutoCloseable running = program.start(page);
            try (running) {
                orders.awaitSome();
                orders.produceHalf();
                orders.awaitAll();
            }
            String what = program + " on " + kind + ", seed " + seed;
            orders.assertEachOnce(what);
            assertEquals(CUTS, proxy.cuts(), what);
            List<String> streams = proxy.heads().stream()
                    .filter(head -> head.contains("text/event-stream"))
                    .toList();
            assertTrue(streams.size() >= CUTS, streams::toString);
            assertTrue(streams.stream().allMatch(head -> head.contains("Content-Encoding: gzip")), streams::toString);
        }
    }

    /** Nothing follows an event here that would push it out of a buffer: each is awaited before the next is produced. */
    @ParameterizedTest
    @EnumSource
    void shouldGetEachEventAsItComes(Program program) throws Exception {
        String topic = TOPICS.create("program", 1);
        WebServer server = SERVERS.of(
                WebServer.Kind.JETTY, "keep-alive-millis", "0", "retry-millis", "50", "allowed-origins", "*");
        Queue<String> received = new ConcurrentLinkedQueue<>();
        try (FollowingPage page = new FollowingPage(
                program.imports(),
                server.uri("/kafka-sse/" + topic + "?offset=earliest"),
                (name, data) -> received.add(data))) {
            AutoCloseable running = program.start(page);
            try (running) {
                for (int i = 1; i <= SINGLE_EVENTS; i++) {
                    int number = i;
                    TOPICS.produce(topic, "order", "value " + number);
                    Await.until(program + ": " + number, LIMIT, () -> received.size() >= number, () -> received);
                }
            }
        }
        assertEquals(
                IntStream.rangeClosed(1, SINGLE_EVENTS)
                        .mapToObj(number -> "value " + number)
                        .toList(),
                List.copyOf(received));
    }
}
