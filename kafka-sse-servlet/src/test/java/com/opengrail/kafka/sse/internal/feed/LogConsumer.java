package com.opengrail.kafka.sse.internal.feed;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * A consumer of a {@link LogModel}: reads on where it stands, as often as it is asked to. Like Kafka's it notices a truncation
 * by the leader epoch of what it read last, but not after it was told to seek. It fails when it is told to.
 */
final class LogConsumer extends MockConsumer<byte[], byte[]> {
    private final LogModel log;
    private final int maxRecords;

    /** The leader epoch of the last record read, for each partition in which nothing was sought since. */
    private final Map<TopicPartition, Integer> epochs = new HashMap<>();

    private boolean reading;
    private boolean fails;
    private Runnable whenWaiting = () -> {};

    LogConsumer(LogModel log, int maxRecords) {
        super("none");
        this.log = log;
        this.maxRecords = maxRecords;
    }

    /** The next poll fails. */
    void failOnce() {
        fails = true;
    }

    /** What happens while a poll waits for a partition without a leader. */
    void whileWaiting(Runnable something) {
        whenWaiting = something;
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (fails) {
            fails = false;
            throw new KafkaException("as told");
        }
        for (TopicPartition partition : assignment()) {
            if (log.isRefused(partition.topic())) {
                throw new TopicAuthorizationException(Set.of(partition.topic()));
            }
            checkPosition(partition);
        }
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> polled = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        int room = maxRecords;
        reading = true;
        for (TopicPartition partition : log.shuffled(assignment())) {
            if (isSilent(partition)) {
                whenWaiting.run();
            }
            if (paused().contains(partition) || isSilent(partition)) {
                continue;
            }
            LogModel.Read read = log.read(partition, position(partition), room);
            room -= read.records().size();
            if (!read.records().isEmpty()) {
                polled.put(partition, read.records());
            }
            if (read.epoch() >= 0) {
                epochs.put(partition, read.epoch());
            }
            Optional<Integer> epoch = Optional.ofNullable(epochs.get(partition));
            next.put(partition, new OffsetAndMetadata(read.next(), epoch, ""));
            seek(partition, read.next());
        }
        reading = false;
        return new ConsumerRecords<>(polled, next);
    }

    @Override
    public synchronized void seek(TopicPartition partition, long offset) {
        super.seek(partition, offset);
        if (!reading) {
            epochs.remove(partition);
        }
    }

    @Override
    public synchronized void seek(TopicPartition partition, OffsetAndMetadata to) {
        seek(partition, to.offset());
        to.leaderEpoch().ifPresent(epoch -> epochs.put(partition, epoch));
    }

    /** Whether it notices a truncation of a partition. */
    boolean hasRead(TopicPartition partition) {
        return epochs.containsKey(partition);
    }

    /** Whether it has yet to notice a truncation. */
    boolean isStale() {
        return epochs.entrySet().stream()
                .anyMatch(known -> log.endOfEpoch(known.getKey(), known.getValue()) < position(known.getKey()));
    }

    @Override
    public synchronized void assign(Collection<TopicPartition> partitions) {
        // Unlike its base class, Kafka's consumer forgets of a partition that it is not assigned any more that it was
        // paused.
        Set<TopicPartition> gone = new HashSet<>(paused());
        gone.removeAll(partitions);
        resume(gone);
        super.assign(partitions);
        epochs.keySet().retainAll(partitions);
    }

    private boolean isSilent(TopicPartition partition) {
        return log.isLeaderless(partition) || log.isDeleted(partition.topic());
    }

    private void checkPosition(TopicPartition partition) {
        if (paused().contains(partition) || isSilent(partition)) {
            return;
        }
        long position = position(partition);
        Integer epoch = epochs.get(partition);
        long divergesAt = epoch == null ? position : log.endOfEpoch(partition, epoch);
        if (divergesAt < position) {
            throw new LogTruncationException(
                    Map.of(partition, position), Map.of(partition, new OffsetAndMetadata(divergesAt)));
        }
        if (position < log.beginning(partition) || position > log.end(partition)) {
            throw new OffsetOutOfRangeException(Map.of(partition, position));
        }
    }

    @Override
    public synchronized OptionalLong currentLag(TopicPartition partition) {
        return OptionalLong.of(log.end(partition) - position(partition));
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(partition, log.beginning(partition)));
        return offsets;
    }
}
