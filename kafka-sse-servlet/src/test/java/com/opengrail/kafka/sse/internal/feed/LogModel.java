package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.TopicDescriber;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A log that lives in this process, of which each reader has a consumer. */
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
    private final long[] beginning;
    private final List<List<Logged>> events = new ArrayList<>();
    private final List<List<ConsumerRecord<byte[], byte[]>>> records = new ArrayList<>();
    private long frames;

    LogModel(Random random, int partitions) {
        this.random = random;
        this.layout = new Layout(List.of(new Layout.Topic(TOPIC, new Uuid(1, 2), partitions)));
        this.next = IntStream.range(0, partitions)
                .mapToLong(p -> random.nextInt(1_000))
                .toArray();
        this.beginning = next.clone();
        for (int p = 0; p < partitions; p++) {
            events.add(new ArrayList<>());
            records.add(new ArrayList<>());
        }
    }

    int random(int bound) {
        return random.nextInt(bound);
    }

    TopicDescriber newDescriber() {
        return new TopicDescriber() {
            @Override
            public CompletionStage<Layout> describe(List<String> topics) {
                return CompletableFuture.completedStage(layout);
            }

            @Override
            public void close() {}
        };
    }

    LogConsumer newConsumer() {
        return new LogConsumer(this, 1 + random.nextInt(20));
    }

    long[] beginning() {
        return beginning.clone();
    }

    long beginning(int partition) {
        return beginning[partition];
    }

    long end(int partition) {
        return next[partition];
    }

    List<ConsumerRecord<byte[], byte[]>> records(int partition, long from) {
        return records.get(partition).stream()
                .filter(record -> record.offset() >= from)
                .toList();
    }

    List<TopicPartition> shuffled(Collection<TopicPartition> partitions) {
        List<TopicPartition> shuffled = new ArrayList<>(partitions);
        shuffled.sort((a, b) -> a.partition() - b.partition());
        Collections.shuffle(shuffled, random);
        return shuffled;
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
            events.get(partition).add(new Logged(partition, offset, part, names.get(part)));
        }
        frames += Math.max(1, names.size());
        byte[] value = String.join(",", names).getBytes(StandardCharsets.UTF_8);
        records.get(partition).add(new ConsumerRecord<>(TOPIC, partition, offset, null, value));
    }

    /** Deletes the oldest records of a partition. */
    void deleteSome() {
        int partition = random.nextInt(next.length);
        long left = next[partition] - beginning[partition];
        beginning[partition] += left == 0 ? 0 : random.nextInt((int) left + 1);
        records.get(partition).removeIf(record -> record.offset() < beginning[partition]);
    }

    /** An offset of some partitions, which may have been deleted. */
    Map<Integer, Long> someOffsets() {
        Map<Integer, Long> offsets = new HashMap<>();
        for (int p = 0; p < next.length; p++) {
            if (random.nextInt(3) > 0) {
                offsets.put(p, Math.max(0, next[p] - random.nextInt(40)));
            }
        }
        return offsets;
    }

    /** The events of a partition between two offsets that pass a filter, deleted or not. */
    List<Logged> matching(int partition, long from, long to, EventFilter filter) {
        return events.get(partition).stream()
                .filter(event -> event.offset() >= from && event.offset() < to && filter.matches(event.name()))
                .toList();
    }

    /** How many frames the log makes: one for each event, and one for each record without. */
    long frames() {
        return frames;
    }
}
