package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.Description;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Topics that live in this process, of which each reader has a consumer. They are appended to, deleted from at their start,
 * truncated at their end, given more partitions, and deleted and created anew.
 *
 * <p>What there is at an offset follows from the incarnation of the topic, the partition, the leader epoch in which it was
 * written and the offset: a record of which some events are made, or nothing, as where records were compacted away or their
 * transaction was aborted. So a record that is written again after a truncation is another one.
 */
final class LogModel {
    /** An event of the log: what the oracle knows. */
    record Logged(TopicPartition partition, long offset, String data, String name) {}

    /** What is read in one go, the offset after it, and the leader epoch of the last record. */
    record Read(List<ConsumerRecord<byte[], byte[]>> records, long next, int epoch) {}

    /** One partition. */
    private static final class Log {
        private long beginning;
        private long end;

        /** The first record since each of some instants without a leader, as the log is now. */
        private final Map<Integer, Long> absences = new TreeMap<>();

        private boolean isLeaderless;

        /** The first offset of each leader epoch. */
        private final TreeMap<Integer, Long> epochs = new TreeMap<>(Map.of(0, 0L));

        /** For each truncation the offsets that were lost. */
        private final List<long[]> truncations = new ArrayList<>();

        int epochOf(long offset) {
            Map.Entry<Integer, Long> epoch = epochs.lastEntry();
            while (epoch.getValue() > offset) {
                epoch = epochs.lowerEntry(epoch.getKey());
            }
            return epoch.getKey();
        }
    }

    static final String[] NAMES = {"a", "b", "c", "message"};
    private static final List<String> TOPICS = List.of("orders", "payments");
    private static final int[] EVENTS_PER_RECORD = {0, 1, 1, 1, 1, 2, 3};
    private static final int TRANSACTION = 4;
    private static final int MOST_TRUNCATED = 10;

    private final Random random;
    private final long salt;

    /** What the topics have been, and are: the last. */
    private final List<Layout> layouts = new ArrayList<>();

    private final Map<String, Integer> incarnations = new TreeMap<>();
    private final Map<TopicPartition, Log> logs = new LinkedHashMap<>();
    private boolean settled;
    private int absences;

    /** The topic that cannot be read for now, if there is one, and whether it is because it was deleted. */
    private String unreadable;

    private boolean isDeleted;

    LogModel(Random random, int... partitionsOfTopics) {
        this.random = random;
        this.salt = random.nextLong();
        for (int i = 0; i < partitionsOfTopics.length; i++) {
            incarnations.put(TOPICS.get(i), 0);
            for (int p = 0; p < partitionsOfTopics[i]; p++) {
                Log log = new Log();
                log.beginning = random.nextInt(1_000);
                log.end = log.beginning;
                logs.put(new TopicPartition(TOPICS.get(i), p), log);
            }
        }
        addLayout();
    }

    private void addLayout() {
        List<Layout.Topic> topics = new ArrayList<>();
        incarnations.forEach((topic, incarnation) ->
                topics.add(new Layout.Topic(topic, new Uuid(incarnation + 1L, 2), partitionsOf(topic))));
        layouts.add(new Layout(topics));
    }

    private int partitionsOf(String topic) {
        return (int) logs.keySet().stream()
                .filter(each -> each.topic().equals(topic))
                .count();
    }

    int random(int bound) {
        return random.nextInt(bound);
    }

    List<String> topics() {
        return List.copyOf(incarnations.keySet());
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

    /** What a broker says of the topics. It may not have heard yet that one cannot be read. */
    Description description() {
        Layout heardOf = layoutHeardOf();
        if (unreadable == null || random.nextInt(4) == 0) {
            return new Description(heardOf.topics(), Set.of(), Set.of(), Set.of());
        }
        boolean isDescribed = !isDeleted && random.nextBoolean();
        List<Layout.Topic> described = heardOf.topics().stream()
                .filter(topic -> isDescribed || !topic.name().equals(unreadable))
                .toList();
        Set<String> name = Set.of(unreadable);
        return new Description(described, isDeleted ? name : Set.of(), isDeleted ? Set.of() : name, Set.of());
    }

    /** One of the topics is deleted, or may not be read any more. */
    void loseTopic() {
        if (unreadable == null) {
            unreadable = anyTopic();
            isDeleted = random.nextBoolean();
        }
    }

    /** All topics can be read again. The one that was deleted is created anew. */
    void regainTopic() {
        String lost = unreadable;
        unreadable = null;
        if (lost != null && isDeleted) {
            recreate(lost);
        }
        isDeleted = false;
    }

    boolean isDeleted(String topic) {
        return isDeleted && topic.equals(unreadable);
    }

    boolean isRefused(String topic) {
        return !isDeleted && topic.equals(unreadable);
    }

    boolean hasLostATopic() {
        return unreadable != null;
    }

    private String anyTopic() {
        return topics().get(random.nextInt(topics().size()));
    }

    /** All brokers have heard of everything from now on, and all is well. */
    void settle() {
        settled = true;
        gainLeaders();
        regainTopic();
    }

    long beginning(TopicPartition partition) {
        return logs.get(partition).beginning;
    }

    long end(TopicPartition partition) {
        return logs.get(partition).end;
    }

    /** The offset at which a leader epoch ended, or the end of the log if it has not. */
    long endOfEpoch(TopicPartition partition, int epoch) {
        Log log = logs.get(partition);
        Map.Entry<Integer, Long> following = log.epochs.higherEntry(epoch);
        return following == null ? log.end : Math.min(log.end, following.getValue());
    }

    Read read(TopicPartition partition, long from, int most) {
        Log log = logs.get(partition);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long next = from;
        while (next < log.end && records.size() < most) {
            String[] names = names(partition, next);
            if (names != null) {
                byte[] value =
                        (dataOf(partition, next) + "|" + String.join(",", names)).getBytes(StandardCharsets.UTF_8);
                records.add(record(partition, next, value, log.epochOf(next)));
            }
            next++;
        }
        return new Read(records, next, next > from ? log.epochOf(next - 1) : -1);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            TopicPartition partition, long offset, byte[] value, int epoch) {
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                ConsumerRecord.NO_TIMESTAMP,
                TimestampType.NO_TIMESTAMP_TYPE,
                -1,
                value.length,
                null,
                value,
                new RecordHeaders(),
                Optional.of(epoch));
    }

    /** What tells a record from every other one. */
    private String dataOf(TopicPartition partition, long offset) {
        return incarnations.get(partition.topic()) + ":" + logs.get(partition).epochOf(offset) + ":" + partition.topic()
                + ":" + partition.partition() + ":" + offset;
    }

    /** The names of the events at an offset, or {@code null} where there is no record. */
    private String[] names(TopicPartition partition, long offset) {
        long version = version(partition, offset);
        long hash = hash(version + offset);
        boolean compacted = hash % 12 == 0;
        boolean aborted = hash(version - 1 - offset / TRANSACTION) % 10 == 0;
        if (compacted || aborted) {
            return null;
        }
        String[] names = new String[EVENTS_PER_RECORD[(int) (hash / 12 % EVENTS_PER_RECORD.length)]];
        for (int i = 0; i < names.length; i++) {
            names[i] = NAMES[(int) ((hash >>> (16 + 8 * i)) % NAMES.length)];
        }
        return names;
    }

    private long version(TopicPartition partition, long offset) {
        return salt
                + incarnations.get(partition.topic()) * 1_000_003L
                + logs.get(partition).epochOf(offset) * 7_777_777L
                + partition.hashCode() * 10_007L;
    }

    private static long hash(long of) {
        long hash = (of ^ of >>> 32) * 0x9E3779B97F4A7C15L;
        hash = (hash ^ hash >>> 29) * 0xBF58476D1CE4E5B9L;
        return (hash ^ hash >>> 32) >>> 1;
    }

    List<TopicPartition> shuffled(Collection<TopicPartition> partitions) {
        List<TopicPartition> shuffled = new ArrayList<>(partitions);
        shuffled.sort(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private TopicPartition anyOf(Layout layout) {
        return layout.partitions().get(random.nextInt(layout.size()));
    }

    void produceSome() {
        for (int i = random.nextInt(6); i > 0; i--) {
            TopicPartition partition = anyOf(layout());
            Log log = logs.get(partition);
            log.end += log.isLeaderless || isDeleted(partition.topic()) ? 0 : 1;
        }
    }

    /**
     * Deletes the oldest records of a partition; an added one is to be heard of from its first record on. What came after an
     * absence stays: a feed that started in that absence could not know that it has missed it.
     */
    void deleteSome() {
        TopicPartition partition = anyOf(layouts.get(0));
        Log log = logs.get(partition);
        long last = log.absences.values().stream().reduce(log.end, Math::min);
        if (!log.isLeaderless && last > log.beginning && !isDeleted(partition.topic())) {
            log.beginning += random.nextInt((int) (last - log.beginning) + 1);
        }
    }

    /**
     * A leader without the newest records takes over, in a new epoch.
     *
     * @return the partition
     */
    TopicPartition truncateSome() {
        TopicPartition partition = anyOf(layout());
        Log log = logs.get(partition);
        log.isLeaderless = false;
        long most = isDeleted(partition.topic()) ? 0 : Math.min(MOST_TRUNCATED, log.end - log.beginning);
        truncate(partition, random.nextInt((int) most + 1));
        return partition;
    }

    void truncate(TopicPartition partition, int records) {
        Log log = logs.get(partition);
        log.truncations.add(new long[] {log.end - records, log.end});
        log.end -= records;
        log.absences.replaceAll((number, since) -> Math.min(since, log.end));
        int epoch = log.epochs.lastKey() + 1;
        log.epochs.values().removeIf(start -> start > log.end);
        log.epochs.put(epoch, log.end);
    }

    void loseLeader(TopicPartition partition) {
        logs.get(partition).isLeaderless = true;
    }

    /** A number that stands for this instant in questions for the first record since, of partitions without a leader. */
    int now() {
        absences++;
        logs.values().stream().filter(log -> log.isLeaderless).forEach(log -> log.absences.put(absences, log.end));
        return absences;
    }

    boolean isLeaderless(TopicPartition partition) {
        return logs.get(partition).isLeaderless;
    }

    /** All partitions have leaders again. */
    void gainLeaders() {
        logs.values().forEach(log -> log.isLeaderless = false);
    }

    /** The offset of the first record since an instant in which a partition had no leader. */
    long since(long instant, TopicPartition partition) {
        return logs.get(partition).absences.getOrDefault((int) instant, 0L);
    }

    /** The offsets that truncations have taken so far. */
    List<long[]> truncations(TopicPartition partition) {
        return logs.get(partition).truncations;
    }

    void addPartition() {
        String topic = anyTopic();
        if (isDeleted(topic)) {
            return;
        }
        logs.put(new TopicPartition(topic, partitionsOf(topic)), new Log());
        addLayout();
    }

    /** Deletes a topic and creates it anew, with fewer records or with more. */
    void recreate() {
        String topic = anyTopic();
        if (!isDeleted(topic)) {
            recreate(topic);
        }
    }

    private void recreate(String topic) {
        incarnations.merge(topic, 1, Integer::sum);
        boolean fill = random.nextBoolean();
        logs.forEach((partition, log) -> {
            if (partition.topic().equals(topic)) {
                log.end = fill ? random.nextInt((int) log.end + 20) : 0;
                log.beginning = 0;
                log.isLeaderless = false;
                log.absences.replaceAll((number, since) -> 0L);
                log.epochs.clear();
                log.truncations.clear();
                log.epochs.put(0, 0L);
            }
        });
        addLayout();
    }

    /** An offset of some partitions that every broker knows, which may have been deleted. */
    Map<Integer, Long> someOffsets() {
        Map<Integer, Long> offsets = new HashMap<>();
        for (TopicPartition partition : layouts.get(0).partitions()) {
            if (random.nextInt(3) > 0) {
                offsets.put(partition.partition(), Math.max(0, end(partition) - random.nextInt(40)));
            }
        }
        return offsets;
    }

    /** The events of a partition between two offsets that pass, deleted or not. */
    List<Logged> matching(TopicPartition partition, long from, long to, Predicate<Logged> passes) {
        List<Logged> matching = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            String[] names = names(partition, offset);
            for (int part = 0; names != null && part < names.length; part++) {
                Logged event = new Logged(partition, offset, dataOf(partition, offset) + ":" + part, names[part]);
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
        for (int i = 0; i < from.length; i++) {
            TopicPartition partition = layout().partitions().get(i);
            for (long offset = from[i]; offset < end(partition); offset++) {
                String[] names = names(partition, offset);
                frames += names == null ? 0 : Math.max(1, names.length);
            }
        }
        return frames;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        logs.forEach((partition, log) -> text.append(partition)
                .append(Arrays.toString(new long[] {log.beginning, log.end}))
                .append(log.epochs)
                .append(' '));
        return text.toString();
    }
}
