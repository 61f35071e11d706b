package com.opengrail.kafka.sse.internal.source;

import java.time.Duration;
import java.util.ArrayList;
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
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which partitions have a leader that does not answer, though others do: a host or a network that hangs, of which the other
 * brokers know nothing. The consumer does not tell. Its polls give the records of the others, and its lag of such a partition
 * is that of the last answer.
 *
 * <p>Threads: the consumer's owner.
 */
public final class LeaderAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderAnswers.class);

    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * What has come of a leader, and when it was heard last.
     *
     * @param stirs true if it was late, and something has come since: it may be an answer about the connection alone
     */
    private record Heard(double answers, List<Long> positions, long at, boolean stirs) {

        /** The same without what may be no answer to a fetch. */
        Heard since(Heard last, long lateNanos) {
            boolean isAnswered = answers > last.answers;
            boolean isRead = !positions.equals(last.positions);
            boolean isLate = at - last.at >= lateNanos;
            return isRead || isAnswered && (!isLate || last.stirs)
                    ? this
                    : new Heard(answers, positions, last.at, last.stirs || isAnswered);
        }
    }

    /** After a longer time without a look it is not known who would have answered. */
    private static final long LONGEST_BETWEEN_LOOKS_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Consumer<?, ?> consumer;
    private final boolean fetchesFromFollowers;
    private final long lateNanos;
    private final LongSupplier nanoTime;

    /** The consumer's, without the broker's. */
    private final Map<String, String> tags;

    private final Map<Integer, Heard> heard = new HashMap<>();
    private Map<Integer, List<TopicPartition>> led = Map.of();
    private long lookedAt;

    /**
     * Each leader counts as heard when it is seen first.
     *
     * @param fetchesFromFollowers true if nothing can be said, since leaders may not be asked
     * @param lateNanos who has not answered for so long counts as heard when something has come at two looks
     */
    public LeaderAnswers(Consumer<?, ?> consumer, boolean fetchesFromFollowers, long lateNanos, LongSupplier nanoTime) {
        this.consumer = consumer;
        this.fetchesFromFollowers = fetchesFromFollowers;
        this.lateNanos = lateNanos;
        this.nanoTime = nanoTime;
        this.tags = consumer.metrics().keySet().stream()
                .filter(FetchAnswers::isTotal)
                .findFirst()
                .map(MetricName::tags)
                .orElse(Map.of());
        this.lookedAt = nanoTime.getAsLong() - BETWEEN_LOOKS_NANOS;
    }

    /**
     * Looks for answers if it is time to.
     *
     * @param areThrottled true if a quota is used up: no answer is to be expected, so each leader counts as heard
     */
    public void look(boolean areThrottled) {
        long now = nanoTime.getAsLong();
        if (fetchesFromFollowers || now - lookedAt < BETWEEN_LOOKS_NANOS) {
            return;
        }
        if (now - lookedAt > LONGEST_BETWEEN_LOOKS_NANOS) {
            heard.clear();
        }
        lookedAt = now;
        led = leaders();
        heard.keySet().retainAll(led.keySet());
        led.forEach((leader, partitions) -> {
            Heard last = heard.get(leader);
            Heard seen = new Heard(answers(leader), positions(partitions), now, false);
            heard.put(leader, last == null || areThrottled ? seen : seen.since(last, lateNanos));
        });
    }

    /** The partitions whose leader has not been heard for so long. */
    public Set<TopicPartition> silentFor(long nanos) {
        Set<TopicPartition> silent = new HashSet<>();
        heard.forEach((leader, last) -> {
            if (lookedAt - last.at() >= nanos) {
                silent.addAll(led.get(leader));
            }
        });
        return silent;
    }

    /** The partitions that are fetched, by their leaders as the consumer knows them. */
    private Map<Integer, List<TopicPartition>> leaders() {
        Set<TopicPartition> fetched = new HashSet<>(consumer.assignment());
        fetched.removeAll(consumer.paused());
        Map<Integer, List<TopicPartition>> byLeader = new HashMap<>();
        for (String topic : fetched.stream().map(TopicPartition::topic).collect(Collectors.toSet())) {
            for (PartitionInfo info : described(topic)) {
                TopicPartition partition = new TopicPartition(topic, info.partition());
                if (info.leader() != null && fetched.contains(partition)) {
                    byLeader.computeIfAbsent(info.leader().id(), any -> new ArrayList<>())
                            .add(partition);
                }
            }
        }
        return byLeader;
    }

    private List<PartitionInfo> described(String topic) {
        try {
            return Objects.requireNonNullElse(consumer.partitionsFor(topic, Duration.ZERO), List.of());
        } catch (TimeoutException e) {
            LOG.debug("The consumer does not know the leaders of {} now", topic, e);
            return List.of();
        }
    }

    /** A leader that has many records ready is not asked for more, and does not answer. */
    private List<Long> positions(List<TopicPartition> partitions) {
        return partitions.stream()
                .map(partition -> ConsumerPositions.position(consumer, partition))
                .toList();
    }

    /** All answers of a broker on connections of which there are metrics. */
    private double answers(int broker) {
        Map<String, String> ofBroker = new HashMap<>(tags);
        ofBroker.put("node-id", "node-" + broker);
        Metric total = consumer.metrics().get(new MetricName("response-total", "consumer-node-metrics", "", ofBroker));
        return total == null ? 0 : (double) total.metricValue();
    }
}
