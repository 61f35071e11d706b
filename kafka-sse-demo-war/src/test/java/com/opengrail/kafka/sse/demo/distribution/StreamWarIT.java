package com.opengrail.kafka.sse.demo.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One client at a time, in each distribution: what comes over the wire, and what is refused. */
class StreamWarIT {
    private static final Topics TOPICS = KafkaBroker.shared().topics();
    private static final int PARTITIONS = 3;
    private static final int ROUNDS = 5;
    private static final int RECORDS = 30;
    private static final String FIRST = "\\Aretry: [0-9]+\n\n(?::\n)*id: -1\nevent: stream-position\ndata: \n\n";

    private static SseClient open(Container container, String topicAndQuery) throws Exception {
        SseClient client = SseClient.to(container.stream(topicAndQuery)).open();
        client.awaitText("stream-position\ndata: \n\n", Container.LIMIT);
        return client;
    }

    private static void assertFormat(SseClient client, String expected) {
        String text = client.rawText();
        assertTrue(text.matches("(?s)" + FIRST + ".*"), client::toString);
        assertEquals(expected, text.replaceFirst(FIRST, "").replaceAll("(?m)^:\n", ""));
    }

    @OnEachDistribution
    void shouldStreamHeadersFirstBlockAndEvents(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        String topic = TOPICS.create("it-format", 1);
        try (SseClient client = open(container, topic)) {
            assertEquals(200, client.status());
            assertEquals(
                    "text/event-stream;charset=utf-8",
                    client.header("Content-Type").toLowerCase(Locale.ROOT));
            assertEquals("no-store, no-transform", client.header("Cache-Control"));
            assertEquals("no", client.header("X-Accel-Buffering"));
            assertEquals(null, client.header("Content-Length"));
            assertEquals(distribution == Distribution.WILDFLY ? "keep-alive" : null, client.header("Connection"));
            TOPICS.produce(topic, "customer", "{\"id\" 745 \"message\" \"Hello SSE\"}");
            TOPICS.produce(topic, null, "a\r\nb Straße-日本 😀");
            client.awaitText("日本 😀\n\n", Container.LIMIT);
            assertFormat(
                    client,
                    "id: 0\nevent: customer\ndata: {\"id\" 745 \"message\" \"Hello SSE\"}\n\n"
                            + "id: 1\ndata: a\ndata: b Straße-日本 😀\n\n");
        }
        container.log().assertQuiet();
    }

    @OnEachDistribution
    void shouldKeepASilentStreamAlive(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        try (SseClient client = open(container, TOPICS.create("it-silent", 1))) {
            client.awaitText("data: \n\n:\n:\n", Container.LIMIT);
            assertFormat(client, "");
        }
    }

    private static List<String> names(Container container, String query) throws Exception {
        String topic = TOPICS.create("it-filter", 1);
        try (SseClient client = open(container, topic + query)) {
            for (String key : List.of("customer", "order", "order-line", "last")) {
                TOPICS.produce(topic, key, "of " + key);
            }
            client.awaitText("data: of last\n\n", Container.LIMIT);
            return client.events().stream()
                    .map(SseClient.Event::type)
                    .filter(name -> !name.equals("stream-position"))
                    .toList();
        }
    }

    @OnEachDistribution
    void shouldFilterByEscapedBracketsAndByTheAlias(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        assertEquals(List.of("order", "order-line", "last"), names(container, "?filter%5Bevent%5D=order.*,last"));
        assertEquals(List.of("customer", "last"), names(container, "?event=customer,last"));
        assertEquals(
                List.of("customer", "order", "last"), names(container, "?event=customer&filter%5Bevent%5D=order,last"));
    }

    @OnEachDistribution
    void shouldResumeOverForcedCutsWithEveryEventOnce(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        String topic = TOPICS.create("it-resume", PARTITIONS);
        List<String> received = new ArrayList<>();
        String id = "";
        for (int round = 0; round < ROUNDS; round++) {
            SseClient.Request request = SseClient.to(container.stream(topic + "?offset=earliest"));
            try (SseClient client = request.header("Last-Event-ID", id).open()) {
                client.awaitText("stream-position\ndata: \n\n", Container.LIMIT);
                produce(topic, round);
                int wanted = round == ROUNDS - 1 ? ROUNDS * RECORDS - received.size() : RECORDS / 2;
                // Not all of a round: the rest is for who comes back.
                List<SseClient.Event> events =
                        client.awaitMatch(seen -> named(seen).size() >= wanted, Container.LIMIT);
                List<SseClient.Event> taken = named(events).subList(0, wanted);
                taken.forEach(event -> received.add(event.data()));
                id = taken.get(wanted - 1).id();
            }
        }
        assertEachOnceAndInOrder(received);
    }

    private static List<SseClient.Event> named(List<SseClient.Event> events) {
        return events.stream().filter(event -> event.type().equals("k")).toList();
    }

    private static void produce(String topic, int round) {
        TOPICS.produce(IntStream.range(round * RECORDS, (round + 1) * RECORDS)
                .mapToObj(i -> new ProducerRecord<>(topic, i % PARTITIONS, "k", Integer.toString(i)))
                .toList());
    }

    private static void assertEachOnceAndInOrder(List<String> received) {
        List<Integer> numbers = received.stream().map(Integer::valueOf).toList();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int of = partition;
            assertEquals(
                    IntStream.range(0, ROUNDS * RECORDS)
                            .filter(i -> i % PARTITIONS == of)
                            .boxed()
                            .toList(),
                    numbers.stream().filter(i -> i % PARTITIONS == of).toList());
        }
    }

    private static void assertRefused(int status, SseClient.Request request) throws Exception {
        try (SseClient client = request.open()) {
            client.awaitEnd(Container.LIMIT);
            assertEquals(status, client.status(), client::toString);
            assertTrue(client.header("Content-Type").startsWith("text/plain"), client::toString);
            assertTrue(client.rawText().matches("[^\n]+\n"), client::toString);
        }
    }

    @OnEachDistribution
    void shouldRefuseWhatARetryCannotMend(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        String topic = TOPICS.create("it-status", 1);
        assertRefused(400, SseClient.to(container.stream(topic + "?last-event-id=no-id")));
        assertRefused(400, SseClient.to(container.stream(topic + "?event=(")));
        assertRefused(403, SseClient.to(container.stream("secret")));
        assertRefused(404, SseClient.to(container.stream("it-nowhere")));
        assertRefused(405, SseClient.to(container.stream(topic)).method("DELETE"));
        assertRefused(406, SseClient.to(container.stream(topic)).header("Accept", "text/html"));
        container.log().assertQuiet();
    }

    @OnEachDistribution
    void shouldAnswerHeadWithTheHeadersAlone(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        URI url = container.stream(TOPICS.create("it-head", 1));
        try (SseClient client = SseClient.to(url).method("HEAD").open()) {
            client.awaitEnd(Container.LIMIT);
            assertEquals(200, client.status());
            assertTrue(client.header("Content-Type").startsWith("text/event-stream"), client::toString);
            assertEquals("", client.rawText());
        }
    }

    @OnEachDistribution
    void shouldAnswerOptionsAndPreflights(Distribution distribution) throws Exception {
        URI url = Container.of(distribution).stream("it-any");
        try (SseClient client = SseClient.to(url).method("OPTIONS").open()) {
            client.awaitOpen(Container.LIMIT);
            assertEquals(204, client.status());
            assertEquals("GET, HEAD, OPTIONS", client.header("Allow"));
        }
        assertEquals(Container.ORIGIN, allowedOrigin(url, Container.ORIGIN));
        assertEquals(null, allowedOrigin(url, "https://other.example"));
    }

    private static String allowedOrigin(URI url, String origin) throws Exception {
        try (SseClient client = SseClient.to(url)
                .method("OPTIONS")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "last-event-id")
                .open()) {
            client.awaitOpen(Container.LIMIT);
            assertEquals(204, client.status());
            return client.header("Access-Control-Allow-Origin");
        }
    }
}
