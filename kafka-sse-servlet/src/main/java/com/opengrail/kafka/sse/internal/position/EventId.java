package com.opengrail.kafka.sse.internal.position;

import java.util.List;

/**
 * An event id that a client presents: decoded, but not yet compared with the topics as they are now.
 *
 * <p>Immutable by agreement: nobody changes the arrays.
 *
 * @param topics the topics of the request
 * @param isOfSameTopics true if the id was given for a stream of exactly these topics, even if they have changed since
 * @param digests the digest of name and id of each topic of the id
 * @param partitions the number of partitions of each topic of the id
 * @param offsets the next offsets of all partitions, topic by topic
 */
public record EventId(
        List<String> topics, boolean isOfSameTopics, int[] digests, int[] partitions, PackedOffsets offsets) {

    /**
     * The next offset that the id holds for a partition, or -1 if it holds none because the partition was added later.
     */
    public long next(Layout.Topic topic, int partition) {
        int index = indexOf(topic);
        if (index < 0 || partition >= partitions[index]) {
            return -1;
        }
        int before = 0;
        for (int i = 0; i < index; i++) {
            before += partitions[i];
        }
        return offsets.get(before + partition);
    }

    /** True if the id holds offsets of this topic, or of a topic with that name that has been deleted since. */
    public boolean names(Layout.Topic topic) {
        return indexOf(topic) >= 0;
    }

    /** True if the id was given for this very topic, and not for one with that name that has been deleted since. */
    public boolean isOf(Layout.Topic topic) {
        int index = indexOf(topic);
        // If the brokers gave no topic ids when the event id was made, it belongs to any topic with that name.
        return index >= 0
                && (topic.hasNoId()
                        || digests[index] == PositionCodec.digest(topic)
                        || digests[index] == PositionCodec.digest(topic.withoutId()));
    }

    /** The number of partitions of a topic for which the id holds offsets. */
    public int partitions(Layout.Topic topic) {
        int index = indexOf(topic);
        return index < 0 ? 0 : partitions[index];
    }

    /** True if the id was given for these very topics and holds no partition that the layout lacks. */
    public boolean isWithin(Layout layout) {
        return isOfSameTopics && layout.topics().stream().allMatch(this::isWithin);
    }

    /** True if the id was given for this very topic and holds no partition that it lacks. */
    public boolean isWithin(Layout.Topic topic) {
        return isOf(topic) && partitions(topic) <= topic.partitions();
    }

    /**
     * The index of a topic in the id, or -1. If the topics are those of the request, they are in the same order.
     * Otherwise they are found by name and id, so a topic that was recreated in the meantime is not found.
     */
    private int indexOf(Layout.Topic topic) {
        if (isOfSameTopics) {
            return topics.indexOf(topic.name());
        }
        // Not for each: an id may have hundreds of topics.
        int digest = PositionCodec.digest(topic);
        int withoutId = PositionCodec.digest(topic.withoutId());
        for (int i = 0; i < digests.length; i++) {
            if (digests[i] == digest || digests[i] == withoutId) {
                return i;
            }
        }
        return -1;
    }
}
