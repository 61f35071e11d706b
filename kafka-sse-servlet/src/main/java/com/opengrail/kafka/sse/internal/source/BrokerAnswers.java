package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which partitions have a broker that does not answer, though others do: a host or a network that hangs, of which the other
 * brokers know nothing. The consumer does not tell. Its polls give the records of the others, and its lag of such a partition
 * is that of the last answer.
 *
 * <p>Threads: the consumer's owner.
 */
public final class BrokerAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerAnswers.class);

    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** When there was no look for longer, the consumer may not have been able to ask. */
    private static final long MOST_PER_LOOK_NANOS = 2 * BETWEEN_LOOKS_NANOS;

    /**
     * What has come of a broker.
     *
     * @param next the next offsets of its partitions
     * @param silentNanos for how long there was nothing, though it was asked
     * @param stirs true if it was late, and something has come since: it may be an answer about the connection alone
     */
    private record Heard(double bytes, Map<TopicPartition, Long> next, long silentNanos, boolean stirs) {

        /** The same, with the silence so far unless it has answered a fetch. */
        Heard since(Heard last, long passedNanos, long lateNanos) {
            boolean isAnswered = bytes > last.bytes;
            boolean isLate = last.silentNanos + passedNanos >= lateNanos;
            return isReadSince(last) || isAnswered && (!isLate || last.stirs)
                    ? this
                    : new Heard(bytes, next, last.silentNanos + passedNanos, last.stirs || isAnswered);
        }

        private boolean isReadSince(Heard last) {
            return next.entrySet().stream()
                    .anyMatch(each -> each.getValue() > last.next.getOrDefault(each.getKey(), Long.MAX_VALUE));
        }
    }

    private final Consumer<?, ?> consumer;
    private final FetchAnswers answers;
    private final int maxPollRecords;
    private final long lateNanos;
    private final LongSupplier nanoTime;

    private final Map<Integer, Heard> heard = new HashMap<>();
    private long lookedAt;

    /** True if all that had been fetched was polled since the last look. Brokers whose records wait are not asked for more. */
    private boolean isEmptied;

    /**
     * Each broker counts as heard when it is seen first.
     *
     * @param maxPollRecords the most records of one poll
     * @param lateNanos who has not answered for so long counts as heard when something has come at two looks
     */
    public BrokerAnswers(
            Consumer<?, ?> consumer, FetchAnswers answers, int maxPollRecords, long lateNanos, LongSupplier nanoTime) {
        this.consumer = consumer;
        this.answers = answers;
        this.maxPollRecords = maxPollRecords;
        this.lateNanos = lateNanos;
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong() - BETWEEN_LOOKS_NANOS;
    }

    /**
     * Looks for answers if it is time to. To be called after each poll.
     *
     * @param records how many it gave
     * @param next where the consumer goes on
     */
    public void look(int records, Position next) {
        isEmptied |= records < maxPollRecords;
        long passed = nanoTime.getAsLong() - lookedAt;
        if (passed < BETWEEN_LOOKS_NANOS) {
            return;
        }
        lookedAt += passed;
        boolean isAsked = isEmptied && answers.areCounted() && !answers.areThrottled();
        isEmptied = false;
        long silent = isAsked ? Math.min(passed, MOST_PER_LOOK_NANOS) : 0;
        Map<Integer, Map<TopicPartition, Long>> byBroker = byBroker(next);
        heard.keySet().retainAll(byBroker.keySet());
        byBroker.forEach((broker, partitions) -> {
            Heard now = new Heard(bytes(broker), partitions, 0, false);
            heard.merge(broker, now, (last, any) -> now.since(last, silent, lateNanos));
        });
    }

    /** The partitions whose broker has been silent for so long. */
    public Set<TopicPartition> silentFor(long nanos) {
        return heard.values().stream()
                .filter(each -> each.silentNanos() >= nanos)
                .flatMap(each -> each.next().keySet().stream())
                .collect(Collectors.toSet());
    }

    /** The partitions that are fetched and their next offsets, by the brokers that the consumer asks. */
    private Map<Integer, Map<TopicPartition, Long>> byBroker(Position next) {
        Set<TopicPartition> fetched = new HashSet<>(consumer.assignment());
        fetched.removeAll(consumer.paused());
        Map<Integer, Map<TopicPartition, Long>> byBroker = new HashMap<>();
        for (String topic : fetched.stream().map(TopicPartition::topic).collect(Collectors.toSet())) {
            for (PartitionInfo info : described(topic)) {
                TopicPartition partition = new TopicPartition(topic, info.partition());
                int index = next.layout().indexOf(partition);
                if (info.leader() != null && index >= 0 && fetched.contains(partition)) {
                    byBroker.computeIfAbsent(asked(partition, info), any -> new HashMap<>())
                            .put(partition, next.next()[index]);
                }
            }
        }
        return byBroker;
    }

    private List<PartitionInfo> described(String topic) {
        try {
            return Objects.requireNonNullElse(consumer.partitionsFor(topic, Duration.ZERO), List.of());
        } catch (TimeoutException e) {
            LOG.debug("The consumer does not know the leaders of {} now", topic, e);
            return List.of();
        }
    }

    /** The leader, or the follower that the leader has named (KIP-392). */
    private int asked(TopicPartition partition, PartitionInfo info) {
        Map<String, String> tags = Map.of("partition", String.valueOf(partition.partition()));
        Metric follower = metricOf(partition.topic(), tags);
        // Kafka before 4.1 writes names in this way.
        follower = follower == null ? metricOf(partition.topic().replace('.', '_'), tags) : follower;
        int named = follower == null ? -1 : (int) follower.metricValue();
        return named < 0 ? info.leader().id() : named;
    }

    private Metric metricOf(String topic, Map<String, String> tags) {
        Map<String, String> all = new HashMap<>(tags);
        all.put("topic", topic);
        return answers.metric("preferred-read-replica", FetchAnswers.GROUP, all);
    }

    /** All that has come of a broker on connections of which there are metrics. */
    private double bytes(int broker) {
        Metric total =
                answers.metric("incoming-byte-total", "consumer-node-metrics", Map.of("node-id", "node-" + broker));
        return total == null ? 0 : (double) total.metricValue();
    }
}
