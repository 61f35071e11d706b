package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a stream starts: after an id, at an offset, since a time; and what is said if that cannot be. */
class ResumeIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    private static SseClient.Request to(WebServer.Kind kind, String topicAndQuery) throws Exception {
        return SseClient.to(SERVERS.of(kind).uri("/kafka-sse/" + topicAndQuery));
    }

    /** A topic with the values p-0, p-1 and so on in each partition p. */
    private static String topic(int partitions, int recordsEach) {
        String topic = TOPICS.create("resume", partitions);
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < recordsEach; i++) {
            for (int p = 0; p < partitions; p++) {
                records.add(new ProducerRecord<>(topic, p, "k", p + "-" + i));
            }
        }
        TOPICS.produce(records);
        return topic;
    }

    /** The data of the stream's first events, in order of partition; ends with a record made for that purpose. */
    private static List<String> streamed(SseClient.Request request, String topic) throws IOException {
        try (SseClient client = request.open()) {
            client.awaitText("stream-position\ndata: \n\n", LIMIT);
            TOPICS.produce(List.of(new ProducerRecord<>(topic, 0, "k", "last")));
            client.awaitText("data: last\n\n", LIMIT);
            return client.events().stream()
                    .filter(event -> !event.type().equals("stream-position"))
                    .map(SseClient.Event::data)
                    .filter(data -> !data.equals("last"))
                    .sorted()
                    .toList();
        }
    }

    private static void assertBadRequest(SseClient.Request request, String reason) throws IOException {
        try (SseClient client = request.open()) {
            client.awaitEnd(LIMIT);
            assertEquals(400, client.status(), client::toString);
            assertEquals(
                    "text/plain;charset=utf-8", client.header("Content-Type").toLowerCase());
            assertTrue(client.rawText().matches("[^\n]*" + reason + "[^\n]*\n"), client::toString);
        }
    }

    private static List<String> values(int partition, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> partition + "-" + i).toList();
    }

    @OnEachContainer
    void shouldGoOnAfterTheLastEventIdOfTheHeader(WebServer.Kind kind) throws Exception {
        String topic = topic(1, 5);
        assertEquals(values(0, 3, 5), streamed(to(kind, topic).header("Last-Event-ID", "2"), topic));
    }

    @OnEachContainer
    void shouldGoOnAfterTheLastEventIdOfTheParameter(WebServer.Kind kind) throws Exception {
        String topic = topic(1, 5);
        assertEquals(values(0, 4, 5), streamed(to(kind, topic + "?last-event-id=3"), topic));
    }

    @OnEachContainer
    void shouldPreferTheHeaderToTheParameterToTheOffsetToTheTime(WebServer.Kind kind) throws Exception {
        String topic = topic(1, 5);
        String all = topic + "?since=2001-01-01T00:00:00Z&offset=4&last-event-id=3";
        assertEquals(values(0, 2, 5), streamed(to(kind, all).header("Last-Event-ID", "1"), topic));
        assertEquals(
                values(0, 4, 6).subList(0, 1), streamed(to(kind, all), topic).subList(0, 1));
        String later = topic + "?since=2001-01-01T00:00:00Z&offset=3";
        assertEquals("0-3", streamed(to(kind, later), topic).get(0));
    }

    @OnEachContainer
    void shouldTakeAnEmptyValueAsAbsent(WebServer.Kind kind) throws Exception {
        String topic = topic(1, 3);
        assertEquals(
                List.of(),
                streamed(to(kind, topic + "?last-event-id=&offset=&since=").header("Last-Event-ID", ""), topic));
    }

    @OnEachContainer
    void shouldStartWithTheFirstRecordAfterTheIdOfNothing(WebServer.Kind kind) throws Exception {
        String topic = topic(1, 3);
        assertEquals(values(0, 0, 3), streamed(to(kind, topic).header("Last-Event-ID", "-1"), topic));
    }

    @OnEachContainer
    void shouldStartAtTheEarliestRecordOfEachPartition(WebServer.Kind kind) throws Exception {
        String topic = topic(2, 3);
        assertEquals(
                List.of("0-0", "0-1", "0-2", "1-0", "1-1", "1-2"),
                streamed(to(kind, topic + "?offset=earliest"), topic));
    }

    @OnEachContainer
    void shouldStartAtTheLatestRecordIfAskedTo(WebServer.Kind kind) throws Exception {
        String topic = topic(2, 3);
        assertEquals(List.of(), streamed(to(kind, topic + "?offset=latest"), topic));
    }

    @OnEachContainer
    void shouldStartAtAnOffsetInEveryPartition(WebServer.Kind kind) throws Exception {
        String topic = topic(2, 3);
        assertEquals(List.of("0-1", "0-2", "1-1", "1-2"), streamed(to(kind, topic + "?offset=1"), topic));
    }

    @OnEachContainer
    void shouldStartAtTheOffsetsOfSomePartitionsAndAtTheLatestOfOthers(WebServer.Kind kind) throws Exception {
        String topic = topic(3, 4);
        assertEquals(List.of("0-3", "2-1", "2-2", "2-3"), streamed(to(kind, topic + "?offset=0:3,2:1"), topic));
    }

    @OnEachContainer
    void shouldStartWithTheFirstRecordNotOlder(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("resume", 1);
        // Records that are much older may be removed by the broker at any moment.
        Instant first = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(600);
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            records.add(new ProducerRecord<>(topic, 0, first.toEpochMilli() + i * 1000L, "k", "0-" + i));
        }
        TOPICS.produce(records);
        Instant third = first.plusSeconds(2);
        assertEquals(values(0, 2, 5), streamed(to(kind, topic + "?since=" + third.toEpochMilli()), topic));
        String between = third.minusMillis(500).toString();
        assertEquals(
                "0-2", streamed(to(kind, topic + "?since=" + between), topic).get(0));
        String elsewhere = third.atOffset(ZoneOffset.ofHours(2)).toString().replace("+", "%2B");
        assertEquals(
                "0-2", streamed(to(kind, topic + "?since=" + elsewhere), topic).get(0));
    }

    @OnEachContainer
    void shouldTakeABareNumberAsAPositionInTheFirstPartition(WebServer.Kind kind) throws Exception {
        String topic = topic(2, 3);
        assertEquals(
                List.of("0-2", "1-0", "1-1", "1-2"), streamed(to(kind, topic).header("Last-Event-ID", "1"), topic));
    }

    @OnEachContainer
    void shouldNameEveryPartitionFromTheFirstBlockOn(WebServer.Kind kind) throws Exception {
        String topic = topic(3, 2);
        String id;
        try (SseClient client = to(kind, topic).open()) {
            client.awaitText("stream-position\ndata: \n\n", LIMIT);
            id = client.lastEventId();
        }
        TOPICS.produce(List.of(
                new ProducerRecord<>(topic, 1, "k", "1-2"),
                new ProducerRecord<>(topic, 2, "k", "2-2"),
                new ProducerRecord<>(topic, 1, "k", "1-3")));
        assertEquals(List.of("1-2", "1-3", "2-2"), streamed(to(kind, topic).header("Last-Event-ID", id), topic));
    }

    @OnEachContainer
    void shouldMergeTwoTopicsIntoOneStreamThatResumes(WebServer.Kind kind) throws Exception {
        String first = topic(1, 2);
        String second = topic(2, 1);
        String both = second + "," + first;
        assertEquals(List.of("0-0", "0-0", "0-1", "1-0"), streamed(to(kind, both + "?offset=earliest"), first));
        String id;
        try (SseClient client = to(kind, both).open()) {
            client.awaitText("stream-position\ndata: \n\n", LIMIT);
            id = client.lastEventId();
        }
        TOPICS.produce(List.of(new ProducerRecord<>(first, 0, "k", "a"), new ProducerRecord<>(second, 1, "k", "b")));
        String otherOrder = first + "," + second;
        assertEquals(List.of("a", "b"), streamed(to(kind, otherOrder).header("Last-Event-ID", id), second));
        assertBadRequest(to(kind, first + "?last-event-id=" + id), "last-event-id");
        assertBadRequest(to(kind, both + "?last-event-id=1"), "last-event-id");
    }

    @OnEachContainer
    void shouldTellAGapAndStartAnewWhereAPositionIsBeyondTheEndOfTheLog(WebServer.Kind kind) throws Exception {
        String topic = topic(1, 3);
        assertEquals(
                List.of("0-0", "0-1", "0-2", gap(topic, 4, 0, "truncated")),
                streamed(to(kind, topic).header("Last-Event-ID", "3"), topic));
    }

    @OnEachContainer
    void shouldTellAGapWhereRecordsHaveBeenDeleted(WebServer.Kind kind) throws Exception {
        String topic = topic(1, 8);
        try (Admin admin = TOPICS.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(5)))
                    .all()
                    .get();
        }
        List<String> rest = List.of("0-5", "0-6", "0-7");
        List<String> afterGap = List.of("0-5", "0-6", "0-7", gap(topic, 3, 5, "retention"));
        assertEquals(afterGap, streamed(to(kind, topic).header("Last-Event-ID", "2"), topic));
        assertEquals(rest, streamed(to(kind, topic + "?offset=earliest"), topic));
        assertEquals(List.of(), streamed(to(kind, topic).header("Last-Event-ID", "9"), topic));
    }

    private static String gap(String topic, long from, long to, String reason) {
        return String.format(
                "{\"topic\":\"%s\",\"partition\":0,\"from\":%d,\"to\":%d,\"reason\":\"%s\"}", topic, from, to, reason);
    }

    @OnEachContainer
    void shouldServeFromKafkaWhatIsOlderThanTheWindow(WebServer.Kind kind) throws Exception {
        int partitions = 3;
        String topic = TOPICS.create("resume", partitions);
        TOPICS.produce(IntStream.range(0, 6000)
                .mapToObj(i -> new ProducerRecord<>(
                        topic, i % partitions, i % 10 == 0 ? "rare" : "k", i % partitions + "-" + i + "-".repeat(100)))
                .toList());
        WebServer small = SERVERS.of(kind, "window-bytes", "65536");
        String id;
        try (SseClient client = SseClient.to(small.uri("/kafka-sse/" + topic + "?offset=earliest"))
                .open()) {
            List<SseClient.Event> events = client.awaitEvents(6001, LIMIT);
            assertInOrder(events.subList(1, 6001), IntStream.range(0, 6000), partitions);
            id = events.get(2000).id();
        }
        try (SseClient client = SseClient.to(small.uri("/kafka-sse/" + topic))
                .header("Last-Event-ID", id)
                .open()) {
            assertEquals(4000, client.awaitEvents(4001, LIMIT).size() - 1);
        }
        try (SseClient client = SseClient.to(small.uri("/kafka-sse/" + topic + "?offset=earliest&event=rare"))
                .open()) {
            List<SseClient.Event> events = client.awaitEvents(601, LIMIT);
            assertInOrder(events.subList(1, 601), IntStream.range(0, 6000).filter(i -> i % 10 == 0), partitions);
        }
    }

    /** Each number once, and those of one partition in order. */
    private static void assertInOrder(List<SseClient.Event> events, IntStream numbers, int partitions) {
        List<Integer> expected = numbers.boxed().toList();
        List<Integer> received = events.stream()
                .map(event -> Integer.valueOf(event.data().split("-")[1]))
                .toList();
        for (int p = 0; p < partitions; p++) {
            int partition = p;
            assertEquals(
                    expected.stream().filter(i -> i % partitions == partition).toList(),
                    received.stream().filter(i -> i % partitions == partition).toList());
        }
    }
}
