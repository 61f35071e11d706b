package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A position among the records of an open transaction, which a client that read uncommitted ones before may have. */
class OpenTransactionIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    private static List<ProducerRecord<String, String>> records(String topic, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new ProducerRecord<>(topic, "k", Integer.toString(i)))
                .toList();
    }

    private static List<String> data(SseClient client) {
        return client.events().stream()
                .filter(event -> !event.type().equals("stream-position"))
                .map(SseClient.Event::data)
                .toList();
    }

    /** No id of a record tells it. Once Kafka has deleted the mark, it would look like a gap. */
    private static void awaitPastCommit(SseClient client) {
        Await.until("the mark of the commit", LIMIT, () -> "20".equals(client.lastEventId()), client::rawText);
    }

    @OnEachContainer
    void shouldWaitForTheEndOfTheTransaction(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("transaction", 1);
        TOPICS.produce(records(topic, 0, 10));
        Map<String, Object> properties = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                SERVERS.bootstrapServers(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                UUID.randomUUID().toString());
        try (Producer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            records(topic, 10, 20).forEach(producer::send);
            producer.flush();
            WebServer server = SERVERS.of(kind);
            String url = "/kafka-sse/" + topic;
            try (SseClient atOffset =
                            SseClient.to(server.uri(url + "?offset=15")).open();
                    SseClient atPair =
                            SseClient.to(server.uri(url + "?offset=0:15")).open();
                    SseClient after = SseClient.to(server.uri(url))
                            .header("Last-Event-ID", "14")
                            .open()) {
                for (SseClient client : List.of(atOffset, atPair, after)) {
                    client.awaitText("id: 14\nevent: stream-position\n", LIMIT);
                }
                producer.commitTransaction();
                for (SseClient client : List.of(atOffset, atPair, after)) {
                    Await.until("19", LIMIT, () -> data(client).contains("19"), client::toString);
                    assertEquals(List.of("15", "16", "17", "18", "19"), data(client), client::toString);
                    awaitPastCommit(client);
                }
            }
            try (SseClient replayed =
                    SseClient.to(server.uri(url + "?offset=15")).open()) {
                awaitPastCommit(replayed);
            }
            try (SseClient beyond =
                    SseClient.to(server.uri(url + "?offset=100&event=none")).open()) {
                beyond.awaitText("\"from\":100,\"to\":0,\"reason\":\"truncated\"", LIMIT);
                assertFalse(beyond.rawText().contains("data: 1\n"));
            }
        }
    }
}
