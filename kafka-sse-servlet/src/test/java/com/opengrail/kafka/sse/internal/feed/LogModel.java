package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A log that lives in this process, of which each server has a consumer. */
final class LogModel {
    static final String TOPIC = "orders";

    /** An event of the log: what the oracle knows. */
    record Logged(int partition, long offset, int part, String name) {
        String data() {
            return partition + ":" + offset + ":" + part;
        }
    }

    private static final String[] NAMES = {"a", "b", "c", "message"};

    final Layout layout;
    private final Random random;
    private final long[] next;
    private final Map<TopicPartition, Long> beginnings = new HashMap<>();
    private final List<List<Logged>> log = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<MockConsumer<byte[], byte[]>> consumers = new ArrayList<>();

    LogModel(Random random, int partitions) {
        this.random = random;
        this.layout = new Layout(List.of(new Layout.Topic(TOPIC, new Uuid(1, 2), partitions)));
        this.next = IntStream.range(0, partitions)
                .mapToLong(p -> random.nextInt(1_000))
                .toArray();
        for (int p = 0; p < partitions; p++) {
            beginnings.put(layout.partitions().get(p), next[p]);
            log.add(new ArrayList<>());
        }
    }

    /** A consumer at the beginning. */
    MockConsumer<byte[], byte[]> newConsumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        consumer.assign(layout.partitions());
        consumer.updateBeginningOffsets(beginnings);
        beginnings.forEach(consumer::seek);
        records.forEach(consumer::addRecord);
        consumers.add(consumer);
        return consumer;
    }

    long[] beginning() {
        return layout.partitions().stream().mapToLong(beginnings::get).toArray();
    }

    Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int p = 0; p < next.length; p++) {
            ends.put(layout.partitions().get(p), next[p]);
        }
        return ends;
    }

    void produceSome() {
        for (int i = random.nextInt(6); i > 0; i--) {
            produce(random.nextInt(next.length));
        }
    }

    private void produce(int partition) {
        // What compaction or a transaction marker leaves out.
        next[partition] += random.nextInt(10) == 0 ? 1 + random.nextInt(3) : 0;
        long offset = next[partition]++;
        List<String> names = new ArrayList<>();
        for (int part = List.of(0, 1, 1, 1, 1, 2, 3).get(random.nextInt(7)); part > 0; part--) {
            names.add(NAMES[random.nextInt(NAMES.length)]);
        }
        for (int part = 0; part < names.size(); part++) {
            log.get(partition).add(new Logged(partition, offset, part, names.get(part)));
        }
        byte[] value = String.join(",", names).getBytes(StandardCharsets.UTF_8);
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(TOPIC, partition, offset, null, value);
        records.add(record);
        consumers.forEach(consumer -> consumer.addRecord(record));
    }

    /** The events of a partition between two offsets that pass a filter. */
    List<Logged> matching(int partition, long from, long to, EventFilter filter) {
        return log.get(partition).stream()
                .filter(event -> event.offset() >= from && event.offset() < to && filter.matches(event.name()))
                .toList();
    }

    /** How many frames the log makes: one for each event, and one for each record without. */
    long frames() {
        return records.stream()
                .mapToLong(record -> new String(record.value(), StandardCharsets.UTF_8).split(",").length)
                .sum();
    }
}
