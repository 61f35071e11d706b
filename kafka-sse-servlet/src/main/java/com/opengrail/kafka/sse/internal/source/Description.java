package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * One answer of the brokers about some topics. Each of them is described, or absent, or refused; one that may be described and
 * not read is both described and refused.
 *
 * @param topics those that are described
 * @param absent the names of those that do not exist
 * @param refused the names of those that may not be read
 * @param leaderless the partitions that have no leader
 */
public record Description(
        List<Layout.Topic> topics, Set<String> absent, Set<String> refused, Set<TopicPartition> leaderless) {

    /** An answer that copies what it is given. */
    public Description {
        topics = List.copyOf(topics);
        absent = Set.copyOf(absent);
        refused = Set.copyOf(refused);
        leaderless = Set.copyOf(leaderless);
    }

    /** What a topic is described as, or {@code null}. */
    Layout.Topic topic(String name) {
        return topics.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
