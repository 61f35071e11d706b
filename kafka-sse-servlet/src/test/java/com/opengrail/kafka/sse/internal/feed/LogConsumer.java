package com.opengrail.kafka.sse.internal.feed;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/** A consumer of a {@link LogModel}: reads on where it stands, as often as it is asked to. */
final class LogConsumer extends MockConsumer<byte[], byte[]> {
    private final LogModel log;
    private final int maxRecords;

    LogConsumer(LogModel log, int maxRecords) {
        super("none");
        this.log = log;
        this.maxRecords = maxRecords;
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        assignment().forEach(this::checkPosition);
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> polled = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        int room = maxRecords;
        for (TopicPartition partition : log.shuffled(assignment())) {
            LogModel.Read read = log.read(partition.partition(), position(partition), room);
            room -= read.records().size();
            if (!read.records().isEmpty()) {
                polled.put(partition, read.records());
            }
            next.put(partition, new OffsetAndMetadata(read.next()));
            seek(partition, read.next());
        }
        return new ConsumerRecords<>(polled, next);
    }

    private void checkPosition(TopicPartition partition) {
        long position = position(partition);
        if (position < log.beginning(partition.partition()) || position > log.end(partition.partition())) {
            throw new OffsetOutOfRangeException(Map.of(partition, position));
        }
    }

    @Override
    public synchronized OptionalLong currentLag(TopicPartition partition) {
        return OptionalLong.of(log.end(partition.partition()) - position(partition));
    }

    @Override
    public synchronized Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(partition, log.beginning(partition.partition())));
        return offsets;
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return beginningOffsets(partitions);
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(partition, log.end(partition.partition())));
        return offsets;
    }
}
