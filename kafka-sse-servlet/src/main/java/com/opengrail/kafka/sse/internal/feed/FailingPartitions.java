package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.log.QuietLog;
import com.opengrail.kafka.sse.internal.log.RootCause;
import com.opengrail.kafka.sse.internal.source.ConsumerPositions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that cannot be read for now, because of a corrupt batch for instance. A consumer fails at each poll as
 * long as it fetches such a partition. So these partitions are paused for some time, and the others flow.
 *
 * <p>Threads: not safe; belongs to the owner of the consumer.
 */
final class FailingPartitions {
    static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final Logger LOG = LoggerFactory.getLogger(FailingPartitions.class);

    private final Consumer<?, ?> consumer;
    private final QuietLog quietLog;
    private final LongSupplier nanoTime;

    /** When each is read again. */
    private final Map<TopicPartition, Long> paused = new HashMap<>();

    private Set<TopicPartition> leaderless = Set.of();

    private String reason = "";

    FailingPartitions(Consumer<?, ?> consumer, LongSupplier nanoTime) {
        this.consumer = consumer;
        this.quietLog = new QuietLog(LOG, nanoTime);
        this.nanoTime = nanoTime;
    }

    /** Pauses the partition that a failure is about, from the next turn on. */
    void pause(TopicPartition failed, KafkaException failure) {
        reason = RootCause.describe(failure);
        quietLog.warn("Cannot read " + failed + " for now, the other partitions go on: " + reason);
        paused.put(failed, nanoTime.getAsLong() + PAUSE_NANOS);
    }

    /** Logs that a partition is read from later on. */
    void leftOut(TopicPartition failed, long to, KafkaException failure) {
        reason = RootCause.describe(failure);
        quietLog.warn("Cannot read " + failed + ", clients before offset " + to + " wait for it: " + reason);
    }

    /**
     * Pauses the failing, unanswered and leaderless partitions, and resumes all others.
     *
     * @param unanswered the partitions that are not to be read yet
     * @return true if leaders are missing that were there the last time, or the other way round
     */
    boolean pauseAll(Set<TopicPartition> withoutLeader, Set<TopicPartition> unanswered) {
        boolean areOthers = !withoutLeader.equals(leaderless);
        leaderless = withoutLeader;
        Set<TopicPartition> unread = new HashSet<>(paused.keySet());
        unread.addAll(withoutLeader);
        unread.addAll(unanswered);
        ConsumerPositions.pauseOnly(consumer, unread);
        return areOthers;
    }

    /** True if nothing is fetched, and not only because leaders are missing. */
    boolean areAll() {
        Set<TopicPartition> assigned = consumer.assignment();
        return consumer.paused().size() == assigned.size() && (assigned.isEmpty() || !leaderless.containsAll(assigned));
    }

    /** Removes and returns the partitions that were paused for long enough. They are to be read again. */
    List<TopicPartition> takeDue() {
        if (paused.isEmpty()) {
            return List.of();
        }
        long now = nanoTime.getAsLong();
        List<TopicPartition> due = new ArrayList<>();
        paused.entrySet().removeIf(each -> each.getValue() - now <= 0 && due.add(each.getKey()));
        due.retainAll(consumer.assignment());
        return due;
    }

    /** Removes and returns why a partition could not be read; empty if none has failed since. */
    String takeReason() {
        String taken = reason;
        reason = "";
        return taken;
    }

    /** These, other partitions, and all of some topics, as operators see them. */
    String describeWith(Set<TopicPartition> unanswered, Set<TopicPartition> unled, Set<String> topics) {
        if (paused.isEmpty() && unanswered.isEmpty() && unled.isEmpty() && topics.isEmpty()) {
            return "";
        }
        Stream<String> allOfTopics = topics.stream().map(topic -> topic + "-*");
        return Stream.concat(
                        allOfTopics,
                        Stream.of(paused.keySet(), unanswered, unled).flatMap(Set::stream))
                .map(String::valueOf)
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
    }
}
