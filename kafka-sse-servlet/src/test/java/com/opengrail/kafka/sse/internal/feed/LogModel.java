package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A topic that lives in this process, of which each reader has a consumer. It is appended to, deleted from at its
 * start, truncated at its end, given more partitions, and deleted and created anew.
 *
 * <p>What there is at an offset follows from the incarnation of the topic, the partition and the offset alone: a record, of
 * which some events are made, or nothing, as where records were compacted away or their transaction was aborted. So a
 * record that is written again after a truncation is the same.
 */
final class LogModel {
    static final String TOPIC = "orders";

    /** An event of the log: what the oracle knows. */
    record Logged(int incarnation, int partition, long offset, int part, String name) {
        String data() {
            return incarnation + ":" + partition + ":" + offset + ":" + part;
        }
    }

    /** What is read in one go, and the offset after it. */
    record Read(List<ConsumerRecord<byte[], byte[]>> records, long next) {}

    static final String[] NAMES = {"a", "b", "c", "message"};
    private static final int[] EVENTS_PER_RECORD = {0, 1, 1, 1, 1, 2, 3};
    private static final int TRANSACTION = 4;
    private static final int MOST_TRUNCATED = 10;

    private final Random random;
    private final long salt;

    /** What the topic has been, and is: the last. */
    private final List<Layout> layouts = new ArrayList<>();

    private int incarnation;
    private long[] beginning;
    private long[] end;
    private boolean settled;

    LogModel(Random random, int partitions) {
        this.random = random;
        this.salt = random.nextLong();
        this.beginning = IntStream.range(0, partitions)
                .mapToLong(p -> random.nextInt(1_000))
                .toArray();
        this.end = beginning.clone();
        addLayout(partitions);
    }

    private void addLayout(int partitions) {
        layouts.add(new Layout(List.of(new Layout.Topic(TOPIC, new Uuid(incarnation + 1L, 2), partitions))));
    }

    int random(int bound) {
        return random.nextInt(bound);
    }

    LogConsumer newConsumer() {
        return new LogConsumer(this, 1 + random.nextInt(20));
    }

    Layout layout() {
        return layouts.get(layouts.size() - 1);
    }

    /** What a broker says that may have heard of the last changes or not. */
    Layout layoutHeardOf() {
        return layouts.get(settled ? layouts.size() - 1 : random.nextInt(layouts.size()));
    }

    /** All brokers have heard of everything from now on. */
    void settle() {
        settled = true;
    }

    long beginning(int partition) {
        return beginning[partition];
    }

    long end(int partition) {
        return end[partition];
    }

    int incarnation() {
        return incarnation;
    }

    Read read(int partition, long from, int most) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long next = from;
        while (next < end[partition] && records.size() < most) {
            String[] names = names(incarnation, partition, next);
            if (names != null) {
                byte[] value = (incarnation + "|" + String.join(",", names)).getBytes(StandardCharsets.UTF_8);
                records.add(new ConsumerRecord<>(TOPIC, partition, next, null, value));
            }
            next++;
        }
        return new Read(records, next);
    }

    /** The names of the events at an offset, or {@code null} where there is no record. */
    private String[] names(int ofIncarnation, int partition, long offset) {
        long hash = hash(ofIncarnation, partition, offset);
        boolean compacted = hash % 12 == 0;
        boolean aborted = hash(ofIncarnation, partition, -1 - offset / TRANSACTION) % 10 == 0;
        if (compacted || aborted) {
            return null;
        }
        String[] names = new String[EVENTS_PER_RECORD[(int) (hash / 12 % EVENTS_PER_RECORD.length)]];
        for (int i = 0; i < names.length; i++) {
            names[i] = NAMES[(int) ((hash >>> (16 + 8 * i)) % NAMES.length)];
        }
        return names;
    }

    private long hash(int ofIncarnation, int partition, long number) {
        long hash = salt + ofIncarnation * 1_000_003L + partition * 10_007L + number;
        hash = (hash ^ hash >>> 32) * 0x9E3779B97F4A7C15L;
        hash = (hash ^ hash >>> 29) * 0xBF58476D1CE4E5B9L;
        return (hash ^ hash >>> 32) >>> 1;
    }

    List<TopicPartition> shuffled(Collection<TopicPartition> partitions) {
        List<TopicPartition> shuffled = new ArrayList<>(partitions);
        shuffled.sort((a, b) -> a.partition() - b.partition());
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    void produceSome() {
        for (int i = random.nextInt(6); i > 0; i--) {
            end[random.nextInt(end.length)]++;
        }
    }

    /** Deletes the oldest records of a partition; an added one is to be heard of from its first record on. */
    void deleteSome() {
        int partition = random.nextInt(layouts.get(0).size());
        beginning[partition] += random.nextInt((int) (end[partition] - beginning[partition]) + 1);
    }

    /** A leader without the newest records takes over. */
    void truncateSome() {
        int partition = random.nextInt(end.length);
        long most = Math.min(MOST_TRUNCATED, end[partition] - beginning[partition]);
        truncate(partition, random.nextInt((int) most + 1));
    }

    void truncate(int partition, int records) {
        end[partition] -= records;
    }

    void addPartition() {
        beginning = Arrays.copyOf(beginning, beginning.length + 1);
        end = Arrays.copyOf(end, end.length + 1);
        addLayout(end.length);
    }

    /** Deletes the topic and creates it anew, with fewer records or with more. */
    void recreate() {
        incarnation++;
        boolean fill = random.nextBoolean();
        for (int p = 0; p < end.length; p++) {
            end[p] = fill ? random.nextInt((int) end[p] + 20) : 0;
            beginning[p] = 0;
        }
        addLayout(end.length);
    }

    /** An offset of some partitions that every broker knows, which may have been deleted. */
    Map<Integer, Long> someOffsets() {
        Map<Integer, Long> offsets = new HashMap<>();
        for (int p = 0; p < layouts.get(0).size(); p++) {
            if (random.nextInt(3) > 0) {
                offsets.put(p, Math.max(0, end[p] - random.nextInt(40)));
            }
        }
        return offsets;
    }

    /** The events of a partition between two offsets that pass, deleted or not. */
    List<Logged> matching(int ofIncarnation, int partition, long from, long to, Predicate<Logged> passes) {
        List<Logged> matching = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            String[] names = names(ofIncarnation, partition, offset);
            for (int part = 0; names != null && part < names.length; part++) {
                Logged event = new Logged(ofIncarnation, partition, offset, part, names[part]);
                if (passes.test(event)) {
                    matching.add(event);
                }
            }
        }
        return matching;
    }

    /** How many frames the log makes from a position on: one for each event, and one for each record without. */
    long frames(long[] from) {
        long frames = 0;
        for (int p = 0; p < from.length; p++) {
            for (long offset = from[p]; offset < end[p]; offset++) {
                String[] names = names(incarnation, p, offset);
                frames += names == null ? 0 : Math.max(1, names.length);
            }
        }
        return frames;
    }
}
