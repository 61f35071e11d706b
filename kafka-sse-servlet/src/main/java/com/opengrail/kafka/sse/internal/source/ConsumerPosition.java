package com.opengrail.kafka.sse.internal.source;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a consumer reads on.
 *
 * <p>Threads: the consumer's owner.
 */
public final class ConsumerPosition {
    /** The position is not known. It is smaller than every offset. */
    public static final long UNKNOWN = -1;

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerPosition.class);

    private ConsumerPosition() {}

    /** The next offset of a partition, or {@link #UNKNOWN} where the brokers would have to be asked. */
    public static long of(Consumer<?, ?> consumer, TopicPartition partition) {
        try {
            return consumer.position(partition, Duration.ZERO);
        } catch (TimeoutException e) {
            LOG.debug("The position in {} is being validated after a change of leader", partition, e);
            return UNKNOWN;
        }
    }
}
