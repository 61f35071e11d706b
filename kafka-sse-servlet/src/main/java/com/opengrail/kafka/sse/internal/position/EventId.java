package com.opengrail.kafka.sse.internal.position;

import java.util.List;

/**
 * An event id as a client presents it: read, but not yet held against the topics as they are now.
 *
 * <p>Immutable.
 */
public sealed interface EventId {

    /** The next offset that the id names for a partition, or -1 where it names none: the partition was added since. */
    long next(String topic, int partition);

    /** Whether the id was given for this very topic, and not for one of that name that has been deleted since. */
    boolean isOf(Layout.Topic topic);

    /** The number of partitions of a topic that the id names. */
    int partitions(String topic);

    /** Whether the id was given for these very topics, and names no partition of them that is not here. */
    default boolean isWithin(Layout layout) {
        return layout.topics().stream()
                .allMatch(topic -> isOf(topic) && partitions(topic.name()) <= topic.partitions());
    }

    /** The id as the client presents it. */
    String text();

    /** The seed's form: the offset of the last event in partition 0 of the one topic. */
    record Offset(List<String> topics, long last) implements EventId {
        @Override
        public long next(String topic, int partition) {
            return partition == 0 ? last + 1 : -1;
        }

        @Override
        public boolean isOf(Layout.Topic topic) {
            return true;
        }

        @Override
        public int partitions(String topic) {
            return 1;
        }

        @Override
        public String text() {
            return Long.toString(last);
        }
    }

    /** The token's form: the next offset of every partition that each topic had. */
    record Vector(String text, List<String> topics, int[] idDigests, List<long[]> offsets) implements EventId {
        @Override
        public long next(String topic, int partition) {
            long[] ofTopic = offsets.get(topics.indexOf(topic));
            return partition < ofTopic.length ? ofTopic[partition] : -1;
        }

        @Override
        public int partitions(String topic) {
            return offsets.get(topics.indexOf(topic)).length;
        }

        @Override
        public boolean isOf(Layout.Topic topic) {
            return idDigests[topics.indexOf(topic.name())] == PositionCodec.idDigest(topic.id());
        }
    }
}
