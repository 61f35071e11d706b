package com.opengrail.kafka.sse.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What a plain consumer reads of a topic from its first offset to the last record of each partition: the oracle. */
final class CommittedLog {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private record Committed(long offset, String name, int number) {}

    private final List<List<Committed>> records = new ArrayList<>();

    private CommittedLog(int partitions) {
        for (int i = 0; i < partitions; i++) {
            records.add(new ArrayList<>());
        }
    }

    static CommittedLog read(String bootstrapServers, String topic, int partitions) {
        CommittedLog log = new CommittedLog(partitions);
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!log.isComplete()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("the log has not come to its end: " + log);
                }
                consumer.poll(Duration.ofMillis(200)).forEach(log::add);
            }
        }
        return log;
    }

    private void add(ConsumerRecord<String, String> record) {
        int number = Integer.parseInt(record.value().split(":", 3)[1]);
        records.get(record.partition()).add(new Committed(record.offset(), record.key(), number));
    }

    private boolean isComplete() {
        return records.stream()
                .allMatch(
                        all -> !all.isEmpty() && all.get(all.size() - 1).name().equals(TransactionalProducer.END));
    }

    int partitions() {
        return records.size();
    }

    int size() {
        return records.stream().mapToInt(List::size).sum();
    }

    /** The number of a partition's last record. */
    int lastNumber(int partition) {
        List<Committed> all = records.get(partition);
        return all.get(all.size() - 1).number();
    }

    /** The numbers of the records of a partition from an offset on, of those with names that pass. */
    List<Integer> numbers(int partition, long from, Predicate<String> names) {
        return records.get(partition).stream()
                .filter(record -> record.offset() >= from && names.test(record.name()))
                .map(Committed::number)
                .toList();
    }

    @Override
    public String toString() {
        return records.stream().map(List::size).toList().toString();
    }
}
