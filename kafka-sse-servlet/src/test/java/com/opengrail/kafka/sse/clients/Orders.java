package com.opengrail.kafka.sse.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Events in the partitions of a topic of their own, and those of them that a client has got.
 *
 * <p>Threads: {@link #received} may be called by any.
 */
final class Orders {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int PARTITIONS = 3;
    private static final int HALF = 150;
    private static final String NAME = "order";

    private static final int LINES = 40;

    private final Topics topics;
    private final String topic;
    private final Queue<String> others = new ConcurrentLinkedQueue<>();
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private int produced;

    Orders(Topics topics, String prefix) {
        this.topics = topics;
        this.topic = topics.create(prefix, PARTITIONS);
    }

    String topic() {
        return topic;
    }

    /**
     * Of several lines, and large enough that a cut hits the midst of an event more often than not, compressed or not: so
     * most of it is random.
     */
    private static String value(int number) {
        Random random = new Random(number);
        StringBuilder value = new StringBuilder().append(number).append('\n');
        for (int line = 0; line < LINES; line++) {
            value.append("Grüße, 世界 ").append(random.nextLong()).append('\n');
        }
        return value.toString();
    }

    void produceHalf() {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < HALF; i++) {
            records.add(new ProducerRecord<>(topic, produced % PARTITIONS, NAME, value(produced)));
            produced++;
        }
        topics.produce(records);
    }

    /** What a client hands to its application. */
    void received(String name, String data) {
        if (NAME.equals(name)) {
            String number = data.lines().findFirst().orElse("");
            boolean isWhole = number.matches("[0-9]{1,6}") && data.equals(value(Integer.parseInt(number)));
            received.add(isWhole ? number : data);
        } else if (!"stream-position".equals(name) && !(data == null || data.isEmpty())) {
            others.add(name + ": " + data);
        }
    }

    void awaitSome() {
        await(HALF / 10);
    }

    void awaitAll() {
        await(produced);
    }

    private void await(int count) {
        Await.until(count + " events", LIMIT, () -> received.size() >= count, () -> received.size() + ": " + received);
    }

    /** Checks the order within each partition too. */
    void assertEachOnce(String message) {
        assertEquals(List.of(), List.copyOf(others), message);
        for (int p = 0; p < PARTITIONS; p++) {
            int partition = p;
            List<String> expected = new ArrayList<>();
            for (int i = partition; i < produced; i += PARTITIONS) {
                expected.add(Integer.toString(i));
            }
            assertEquals(
                    expected,
                    received.stream()
                            .filter(data -> !data.matches("[0-9]+") || Integer.parseInt(data) % PARTITIONS == partition)
                            .toList(),
                    message);
        }
        assertEquals(produced, received.size(), message);
    }
}
