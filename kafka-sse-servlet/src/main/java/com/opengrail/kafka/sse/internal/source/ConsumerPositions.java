package com.opengrail.kafka.sse.internal.source;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a consumer reads on, and of which partitions it reads nothing.
 *
 * <p>Threads: the consumer's owner.
 */
public final class ConsumerPositions {
    /** The position is not known. It is smaller than every offset. */
    public static final long UNKNOWN = -1;

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerPositions.class);

    private ConsumerPositions() {}

    /** The next offset of a partition, or {@link #UNKNOWN} where the brokers would have to be asked. */
    public static long position(Consumer<?, ?> consumer, TopicPartition partition) {
        try {
            return consumer.position(partition, Duration.ZERO);
        } catch (TimeoutException e) {
            LOG.debug("The position in {} is being validated after a change of leader", partition, e);
            return UNKNOWN;
        }
    }

    /** True if it is certain that the next offset of a partition is this one. */
    public static boolean isAt(Consumer<?, ?> consumer, TopicPartition partition, long offset) {
        try {
            return position(consumer, partition) == offset;
        } catch (KafkaException e) {
            LOG.debug("The position in {} has to be found anew", partition, e);
            return false;
        }
    }

    /**
     * Pauses these partitions, as far as they are assigned, and resumes all others. A broker that has lost the disk of a
     * partition refuses each fetch at once, and the consumer sends the next one at once. A paused partition does not notice
     * that it has a leader again, so the brokers have to be asked.
     */
    public static void pauseOnly(Consumer<?, ?> consumer, Set<TopicPartition> unread) {
        if (unread.isEmpty() && consumer.paused().isEmpty()) {
            return;
        }
        Set<TopicPartition> paused = new HashSet<>(unread);
        paused.retainAll(consumer.assignment());
        Set<TopicPartition> resumed = new HashSet<>(consumer.paused());
        resumed.removeAll(paused);
        consumer.resume(resumed);
        consumer.pause(paused);
    }
}
