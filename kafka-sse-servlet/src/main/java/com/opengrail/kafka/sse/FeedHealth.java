package com.opengrail.kafka.sse;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The state of one feed at one moment. A feed follows a combination of topics for all clients that ask for it. Only the
 * engine makes these; later versions may add components.
 *
 * <pre>{@code
 * for (FeedHealth feed : engine.health().feeds()) {
 *     log.info("{} is {}", feed.topics(), feed.state());
 * }
 * }</pre>
 *
 * @param topics the names of the topics
 * @param state whether the feed works
 * @param clients the clients that take part
 * @param lagRecords the distance to the end of the log, all partitions together; empty as long as it is not known
 * @param lastAnswerAge the time since the brokers last answered; empty if they have not answered yet
 * @param consecutiveFailures the failures since the brokers last answered
 * @param failingPartitions the partitions that cannot be read for now, such as {@code orders-3}, or {@code orders-*} for all of
 *     a topic; empty when all is well
 * @param throttled whether the brokers hold back answers because a quota is used up, which is no failure
 * @param lastError the text of the last failure, which may name hosts; empty if there was none
 */
public record FeedHealth(
        List<String> topics,
        State state,
        long clients,
        OptionalLong lagRecords,
        Optional<Duration> lastAnswerAge,
        long consecutiveFailures,
        List<String> failingPartitions,
        boolean throttled,
        String lastError) {

    /** Whether a feed works. */
    public enum State {
        /** The feed has not followed its topics yet. */
        STARTING,
        /** The feed follows its topics. */
        FOLLOWING,
        /** The last attempt failed, or the brokers are silent; the feed tries again. */
        FAILING
    }

    /**
     * A snapshot; the lists are copied.
     *
     * @param topics the names of the topics
     * @param state whether the feed works
     * @param clients the clients that take part
     * @param lagRecords the distance to the end of the log, all partitions together; empty as long as it is not known
     * @param lastAnswerAge the time since the brokers last answered; empty if they have not answered yet
     * @param consecutiveFailures the failures since the brokers last answered
     * @param failingPartitions the partitions that cannot be read for now; empty when all is well
     * @param throttled whether the brokers hold back answers because a quota is used up
     * @param lastError the text of the last failure, which may name hosts; empty if there was none
     */
    public FeedHealth {
        topics = List.copyOf(topics);
        failingPartitions = List.copyOf(failingPartitions);
    }

    static FeedHealth of(String topics, KafkaSseMXBean.Feed feed) {
        long lag = feed.getLagRecords();
        long age = feed.getLastAnswerAgeMillis();
        String failing = feed.getFailingPartitions();
        return new FeedHealth(
                List.of(topics.split(",")),
                State.valueOf(feed.getState().toUpperCase(Locale.ROOT)),
                feed.getClients(),
                lag < 0 ? OptionalLong.empty() : OptionalLong.of(lag),
                age < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(age)),
                feed.getConsecutiveFailures(),
                failing.isEmpty() ? List.of() : List.of(failing.split(",")),
                feed.isThrottled(),
                feed.getLastError());
    }
}
