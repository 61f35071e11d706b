package com.opengrail.kafka.sse.internal.position;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The partitions of the topics of one subscription, in a fixed order: by topic name, then by partition number. An array
 * of longs in that order holds an offset of each.
 *
 * <p>Immutable. A topic that gains partitions is described by another layout. One that does not exist yet has none.
 */
public final class Layout {

    /** One topic as the brokers describe it. */
    public record Topic(String name, Uuid id, int partitions) {

        /** True if both descriptions are of the same topic. Without ids, the names decide. */
        public boolean isSameAs(Topic other) {
            return name.equals(other.name) && (id.equals(other.id) || hasNoId() || other.hasNoId());
        }

        /** True if the brokers gave no topic id: old brokers do not, nor new ones during an upgrade. */
        public boolean hasNoId() {
            return id.equals(Uuid.ZERO_UUID);
        }

        /** This topic as described by brokers that give no topic ids. */
        Topic withoutId() {
            return new Topic(name, Uuid.ZERO_UUID, partitions);
        }
    }

    private final List<Topic> topics;
    private final List<TopicPartition> partitions;
    private final byte[] describedInIds;

    public Layout(List<Topic> topics) {
        this.topics = topics.stream().sorted(Comparator.comparing(Topic::name)).toList();
        List<TopicPartition> all = new ArrayList<>();
        for (Topic topic : this.topics) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                all.add(new TopicPartition(topic.name(), partition));
            }
        }
        this.partitions = List.copyOf(all);
        this.describedInIds = PositionCodec.describe(this);
    }

    public List<Topic> topics() {
        return topics;
    }

    public List<TopicPartition> partitions() {
        return partitions;
    }

    public int size() {
        return partitions.size();
    }

    /** True if an event id is the plain offset: there is one topic with one partition. */
    public boolean isSinglePartition() {
        return topics.size() == 1 && partitions.size() == 1;
    }

    /** The index of a partition, or -1 if it is not in this layout. */
    public int indexOf(TopicPartition partition) {
        return indexOf(partition.topic(), partition.partition());
    }

    /** The index of a partition, or -1 if it is not in this layout. */
    public int indexOf(String topic, int partition) {
        int first = 0;
        for (Topic candidate : topics) {
            if (candidate.name().equals(topic)) {
                return partition >= 0 && partition < candidate.partitions() ? first + partition : -1;
            }
            first += candidate.partitions();
        }
        return -1;
    }

    /** The topic that the partition with an index belongs to. */
    public Topic topicOf(int index) {
        return topic(partitions.get(index).topic());
    }

    public Topic topic(String name) {
        return topics.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** True if this layout has all partitions of another one, of the same topics. */
    public boolean includes(Layout other) {
        return other == this || other.topics.stream().allMatch(topic -> includes(topic, topic(topic.name())));
    }

    private static boolean includes(Topic topic, Topic here) {
        return topic.isSameAs(here) && topic.partitions() <= here.partitions();
    }

    /**
     * Offsets of another layout in the order of this one. Partitions that the other lacks get the offsets in
     * {@code absent}.
     */
    public long[] rearrange(long[] offsets, Layout from, long[] absent) {
        long[] rearranged = absent.clone();
        for (int i = 0; i < from.size(); i++) {
            int index = indexOf(from.partitions.get(i));
            if (index >= 0) {
                rearranged[index] = offsets[i];
            }
        }
        return rearranged;
    }

    /** What event ids hold about the topics; not to be changed. */
    byte[] describedInIds() {
        return describedInIds;
    }

    @Override
    public String toString() {
        return topics.stream()
                .map(topic -> topic.name() + "/" + topic.partitions())
                .collect(Collectors.joining(","));
    }
}
