package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which events a client gets: its own filter, the server's, and what mappers make of a record. */
class FilterIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String POSITION = "stream-position";

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    /** Makes of {@code a,b,c} in the value the events a, b and c, each with the record's offset as data. */
    public static final class Split implements SseEventMapper {
        @Override
        public void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
            for (String name : String.valueOf(record.value()).split(",")) {
                next.accept(SseEvent.of(name, "of " + record.offset()));
            }
        }
    }

    /** Takes the data of the event made so far, which shows whether there was one. */
    public static final class Exclaim implements SseEventMapper {
        @Override
        public void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
            next.accept(event.withData(event.data() + "!"));
        }
    }

    /** Fails for one value and drops another. */
    public static final class Picky implements SseEventMapper {
        @Override
        public void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
            if ("bad".equals(record.value())) {
                throw new IllegalArgumentException("a value that this mapper cannot take");
            }
            if (!"unwanted".equals(record.value())) {
                next.accept(event);
            }
        }
    }

    /** The names of the events that pass a filter, of records with these keys; the last key has to pass. */
    private static List<String> passing(WebServer server, String query, String... keys) throws Exception {
        String topic = TOPICS.create("filter", 1);
        try (SseClient client =
                SseClient.to(server.uri("/kafka-sse/" + topic + "?" + query)).open()) {
            client.awaitOpen(LIMIT);
            TOPICS.produce(Arrays.stream(keys)
                    .map(key -> new ProducerRecord<>(topic, key, "of " + key))
                    .toList());
            client.awaitText("data: of " + keys[keys.length - 1] + "\n\n", LIMIT);
            return client.events().stream()
                    .filter(event -> !event.type().equals(POSITION))
                    .map(SseClient.Event::type)
                    .toList();
        }
    }

    @OnEachContainer
    void shouldPassTheEventsThatTheFilterNames(WebServer.Kind kind) throws Exception {
        assertEquals(
                List.of("customer", "customer"),
                passing(SERVERS.of(kind), "filter%5Bevent%5D=customer", "order", "customer", "customers", "customer"));
    }

    @OnEachContainer
    void shouldTakeTheAliasOfTheFilter(WebServer.Kind kind) throws Exception {
        assertEquals(
                List.of("customer", "customer"),
                passing(SERVERS.of(kind), "event=customer", "order", "customer", "a customer", "customer"));
    }

    @OnEachContainer
    void shouldPassWhatOneOfTheExpressionsOfAListMatches(WebServer.Kind kind) throws Exception {
        assertEquals(
                List.of("product-campaign", "product", "customer"),
                passing(
                        SERVERS.of(kind),
                        "filter%5Bevent%5D=customer,product.*",
                        "product-campaign",
                        "my-product",
                        "product",
                        "customer"));
    }

    @OnEachContainer
    void shouldPassWhatOneOfRepeatedFiltersMatches(WebServer.Kind kind) throws Exception {
        assertEquals(
                List.of("a", "b", "c1"),
                passing(
                        SERVERS.of(kind),
                        "filter%5Bevent%5D=a&event=b&filter%5Bevent%5D=c%5B0-9%5D",
                        "a",
                        "b",
                        "c",
                        "d",
                        "c1"));
    }

    @OnEachContainer
    void shouldTakeAnEscapedCommaAsPartOfAnExpression(WebServer.Kind kind) throws Exception {
        assertEquals(List.of("a,b"), passing(SERVERS.of(kind), "event=a%5C,b", "a", "b", "a,b"));
    }

    @OnEachContainer
    void shouldTakeAnEmptyFilterAsNone(WebServer.Kind kind) throws Exception {
        assertEquals(List.of("a", "b"), passing(SERVERS.of(kind), "event=&filter%5Bevent%5D=", "a", "b"));
    }

    @OnEachContainer
    void shouldCallAnEventWithoutNameMessage(WebServer.Kind kind) throws Exception {
        assertEquals(
                List.of("message", "message", "message"),
                passing(SERVERS.of(kind), "event=message", null, "k", "", "message"));
    }

    @OnEachContainer
    void shouldStreamNoEventThatTheServersOwnFilterDrops(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(kind, "event-filter", "public-.*,message");
        assertEquals(
                List.of("public-a", "message", "public-b"),
                passing(server, "event=.*", "public-a", "secret", null, "public-b"));
        assertEquals(List.of("public-b"), passing(server, "event=secret,public-b", "public-a", "secret", "public-b"));
    }

    @OnEachContainer
    void shouldTellThePositionInPlaceOfAKeepAliveAfterDroppedRecords(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("filter", 1);
        WebServer server = SERVERS.of(kind, "keep-alive-millis", "400");
        try (SseClient client = SseClient.to(server.uri("/kafka-sse/" + topic + "?event=wanted"))
                .open()) {
            client.awaitText("id: -1\n", LIMIT);
            for (int i = 0; i < 10; i++) {
                TOPICS.produce(topic, "other", "v");
            }
            client.awaitText("id: 9\nevent: stream-position\ndata: \n\n:\n:\n", LIMIT);
            assertEquals("9", client.lastEventId());
            assertTrue(client.events().stream().allMatch(event -> event.type().equals(POSITION)), client::toString);
        }
    }

    @OnEachContainer
    void shouldGiveTheIdToTheLastEventOfARecordThatPasses(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(kind, "event-mappers", Split.class.getName());
        String topic = TOPICS.create("filter", 1);
        try (SseClient all = SseClient.to(server.uri("/kafka-sse/" + topic)).open();
                SseClient some = SseClient.to(server.uri("/kafka-sse/" + topic + "?event=a,b"))
                        .open()) {
            all.awaitText("id: -1\n", LIMIT);
            some.awaitText("id: -1\n", LIMIT);
            TOPICS.produce(topic, "k", "a,b,c");
            TOPICS.produce(topic, "k", "c,b,a");
            all.awaitText("id: 1\n", LIMIT);
            some.awaitText("id: 1\n", LIMIT);
            all.awaitEvents(7, LIMIT);
            some.awaitEvents(5, LIMIT);
            assertEquals(
                    "event: a\ndata: of 0\n\nevent: b\ndata: of 0\n\nid: 0\nevent: c\ndata: of 0\n\n"
                            + "event: c\ndata: of 1\n\nevent: b\ndata: of 1\n\nid: 1\nevent: a\ndata: of 1\n\n",
                    afterStart(all));
            assertEquals(
                    "event: a\ndata: of 0\n\nid: 0\nevent: b\ndata: of 0\n\n"
                            + "event: b\ndata: of 1\n\nid: 1\nevent: a\ndata: of 1\n\n",
                    afterStart(some));
        }
    }

    private static String afterStart(SseClient client) {
        return client.rawText().replaceFirst("\\Aretry: [0-9]+\n\nid: -1\nevent: stream-position\ndata: \n\n", "");
    }

    @OnEachContainer
    void shouldRepeatAllEventsOfARecordThatWasNotTakenWhole(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(kind, "event-mappers", Split.class.getName());
        String topic = TOPICS.create("filter", 1);
        TOPICS.produce(topic, "k", "a,b,c");
        TOPICS.produce(topic, "k", "d,e");
        try (SseClient client = SseClient.to(server.uri("/kafka-sse/" + topic))
                .header("Last-Event-ID", "0")
                .open()) {
            List<SseClient.Event> events = client.awaitEvents(3, LIMIT);
            assertEquals(
                    List.of(POSITION, "d", "e"),
                    events.stream().map(SseClient.Event::type).toList());
            assertEquals(
                    List.of("0", "0", "1"),
                    events.stream().map(SseClient.Event::id).toList());
        }
    }

    @OnEachContainer
    void shouldRunTheMappersInOrderAfterTheDefaultMapper(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(kind, "event-mappers", Exclaim.class.getName() + "," + Exclaim.class.getName());
        assertEquals("event: k\ndata: v!!\n\n", mapped(server, "v!!"));
    }

    @OnEachContainer
    void shouldLeaveTheDefaultMapperOut(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(kind, "event-mappers", "-default," + Exclaim.class.getName());
        assertEquals("data: null!\n\n", mapped(server, "null!"));
    }

    /** The event of a record with key k and value v, without its id. */
    private static String mapped(WebServer server, String data) throws Exception {
        String topic = TOPICS.create("filter", 1);
        try (SseClient client = SseClient.to(server.uri("/kafka-sse/" + topic)).open()) {
            client.awaitText("id: -1\n", LIMIT);
            TOPICS.produce(topic, "k", "v");
            client.awaitText("data: " + data + "\n\n", LIMIT);
            return afterStart(client).replaceFirst("\\Aid: 0\n", "");
        }
    }

    @OnEachContainer
    void shouldSkipARecordThatAMapperFailsAtAndGoOn(WebServer.Kind kind) throws Exception {
        WebServer server = SERVERS.of(kind, "event-mappers", Picky.class.getName());
        String topic = TOPICS.create("filter", 1);
        try (SseClient client = SseClient.to(server.uri("/kafka-sse/" + topic)).open()) {
            client.awaitText("id: -1\n", LIMIT);
            for (String value : List.of("good", "bad", "unwanted", "good again")) {
                TOPICS.produce(topic, "k", value);
            }
            client.awaitText("data: good again\n\n", LIMIT);
            assertEquals("id: 0\nevent: k\ndata: good\n\nid: 3\nevent: k\ndata: good again\n\n", afterStart(client));
        }
    }
}
