package com.opengrail.kafka.sse.internal.position;

import java.util.List;

/**
 * An event id that a client presents: decoded, but not yet compared with the topics as they are now.
 *
 * <p>Immutable.
 */
public sealed interface EventId {

    /** The next offset that the id names for a partition, or -1 if it names none: the partition was added since. */
    long next(Layout.Topic topic, int partition);

    /** True if the id names offsets of this topic, or of one of that name that was deleted since. */
    boolean names(Layout.Topic topic);

    /** True if the id was given for this very topic, and not for one of that name that was deleted since. */
    boolean isOf(Layout.Topic topic);

    /** The number of partitions of a topic that the id names. */
    int partitions(Layout.Topic topic);

    /** True if the id was given for a stream of just the topics of the request, whatever became of them since. */
    boolean isOfSameTopics();

    /** True if the id was given for these very topics, and names no partition that the layout lacks. */
    default boolean isWithin(Layout layout) {
        return isOfSameTopics()
                && layout.topics().stream().allMatch(topic -> isOf(topic) && partitions(topic) <= topic.partitions());
    }

    /** The id as the client presents it. */
    String text();

    /**
     * The seed's form: the offset of the last event in partition 0 of a lone topic. It does not say which topic that was.
     *
     * @param topics the topics of the request
     */
    record Offset(List<String> topics, long last) implements EventId {
        @Override
        public long next(Layout.Topic topic, int partition) {
            return partition == 0 && names(topic) ? last + 1 : -1;
        }

        @Override
        public boolean names(Layout.Topic topic) {
            return isOfSameTopics();
        }

        @Override
        public boolean isOf(Layout.Topic topic) {
            return names(topic);
        }

        @Override
        public int partitions(Layout.Topic topic) {
            return names(topic) ? 1 : 0;
        }

        @Override
        public boolean isOfSameTopics() {
            return topics.size() == 1;
        }

        @Override
        public String text() {
            return Long.toString(last);
        }
    }

    /**
     * The token's form: the next offset of every partition that each topic had.
     *
     * @param topics the topics of the request, sorted
     * @param isOfSameTopics true if the id was given for a stream of just these topics
     * @param digests for each topic of the id the digest of its name and id
     * @param offsets for each topic of the id the next offsets
     */
    record Vector(String text, List<String> topics, boolean isOfSameTopics, int[] digests, List<long[]> offsets)
            implements EventId {

        /**
         * The index of a topic in the id, or -1. If the topics are those of the request they come in the same order. Else they
         * are found by name and id, so a topic that was created anew in the meantime is not found.
         */
        private int indexOf(Layout.Topic topic) {
            if (isOfSameTopics) {
                return topics.indexOf(topic.name());
            }
            for (int i = 0; i < digests.length; i++) {
                if (isDigestOf(digests[i], topic)) {
                    return i;
                }
            }
            return -1;
        }

        @Override
        public long next(Layout.Topic topic, int partition) {
            int index = indexOf(topic);
            return index >= 0 && partition < offsets.get(index).length ? offsets.get(index)[partition] : -1;
        }

        @Override
        public boolean names(Layout.Topic topic) {
            return indexOf(topic) >= 0;
        }

        @Override
        public boolean isOf(Layout.Topic topic) {
            int index = indexOf(topic);
            return index >= 0 && (topic.hasNoId() || isDigestOf(digests[index], topic));
        }

        @Override
        public int partitions(Layout.Topic topic) {
            int index = indexOf(topic);
            return index < 0 ? 0 : offsets.get(index).length;
        }

        /** An id that was given while the brokers told no topic ids belongs to any topic of that name. */
        private static boolean isDigestOf(int digest, Layout.Topic topic) {
            return digest == PositionCodec.digest(topic) || digest == PositionCodec.digest(topic.withoutId());
        }
    }
}
