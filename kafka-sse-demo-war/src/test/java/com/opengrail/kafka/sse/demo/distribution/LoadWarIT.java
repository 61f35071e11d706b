package com.opengrail.kafka.sse.demo.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.SseSwarm;
import com.opengrail.kafka.sse.testing.SwarmCheck;
import com.opengrail.kafka.sse.testing.Topics;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Many clients at once in each distribution, good ones and others. */
class LoadWarIT {
    private static final int CLIENTS = 200;
    private static final int RECORDS = 100;
    private static final Topics TOPICS = KafkaBroker.shared().topics();

    private static void produceNumbers(String topic, int from, int to) {
        TOPICS.produce(IntStream.range(from, to)
                .mapToObj(i -> new ProducerRecord<>(topic, "k", Integer.toString(i)))
                .toList());
    }

    private static void assertAllReceive(URI url, String topic, int first) throws Exception {
        try (SseSwarm swarm = SseSwarm.against(url)
                .connections(CLIENTS)
                .checks(i -> SwarmCheck.sequenceFrom(first))
                .start()) {
            swarm.awaitAllAnswered(Container.LIMIT);
            produceNumbers(topic, first, first + RECORDS);
            swarm.awaitEvents(RECORDS, Container.LIMIT);
            assertEquals(List.of(), swarm.stats().faultTexts());
            assertEquals((long) CLIENTS * RECORDS, swarm.stats().events());
        }
    }

    @OnEachDistribution
    void shouldServeManyClientsAndGoOnWhenAllAreCutOffWithAReset(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        String topic = TOPICS.create("it-many", 1);
        URI url = container.stream(topic);
        try (SseClient bystander = SseClient.to(url).open()) {
            bystander.awaitText("stream-position\ndata: \n\n", Container.LIMIT);
            assertAllReceive(url, topic, 0);
            // All connections but this one were reset; what is written to them now fails.
            produceNumbers(topic, RECORDS, 2 * RECORDS);
            bystander.awaitEvents(1 + 2 * RECORDS, Container.LIMIT);
            assertAllReceive(url, topic, 2 * RECORDS);
            bystander.awaitEvents(1 + 3 * RECORDS, Container.LIMIT);
        }
        container.log().assertQuiet();
    }

    @OnEachDistribution
    void shouldNotHoldUpOthersForAClientThatNeverReads(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        String topic = TOPICS.create("it-stuck", 1);
        URI url = container.stream(topic);
        List<SseClient> stuck = new ArrayList<>();
        try (SseClient reader = SseClient.to(url).open()) {
            for (int i = 0; i < 8; i++) {
                stuck.add(SseClient.to(url).stuck().open());
                stuck.get(i).awaitOpen(Container.LIMIT);
            }
            reader.awaitText("stream-position\ndata: \n\n", Container.LIMIT);
            String value = "x".repeat(64 * 1024);
            for (int megabyte = 0; megabyte < 12; megabyte++) {
                TOPICS.produce(IntStream.range(0, 16)
                        .mapToObj(i -> new ProducerRecord<>(topic, "k", value))
                        .toList());
            }
            reader.awaitEvents(1 + 12 * 16, Container.LIMIT);
            if (distribution != Distribution.OPEN_LIBERTY) {
                // There a write waits, and its time limit ends the stream: docs/containers.md.
                stuck.get(0).startReading();
                stuck.get(0).awaitEvents(1 + 12 * 16, Container.LIMIT);
            }
        } finally {
            for (SseClient client : stuck) {
                client.close();
            }
        }
        container.log().assertQuiet();
    }
}
