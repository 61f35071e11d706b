package com.opengrail.kafka.sse.internal.source;

import java.util.Collection;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a consumer is behind the end of the log. Of a partition without a leader it does not know that. It would ask the
 * brokers and log a line each time that it is asked, so it is asked less and less often.
 *
 * <p>Threads: the consumer's owner.
 */
public final class ConsumerLag {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Consumer<?, ?> consumer;
    private final LongSupplier nanoTime;
    private long pauseNanos;
    private long pausedAt;

    public ConsumerLag(Consumer<?, ?> consumer, LongSupplier nanoTime) {
        this.consumer = consumer;
        this.nanoTime = nanoTime;
    }

    /** There is a reason to ask again: leaders are others by now. */
    public void askSoon() {
        pauseNanos = 0;
    }

    /** The records that are in the log and have not been polled, of all partitions together; empty if it is not known. */
    public OptionalLong of(Collection<TopicPartition> partitions) {
        long now = nanoTime.getAsLong();
        if (pauseNanos > 0 && now - pausedAt < pauseNanos) {
            return OptionalLong.empty();
        }
        long lag = 0;
        for (TopicPartition partition : partitions) {
            OptionalLong ofPartition = consumer.currentLag(partition);
            if (ofPartition.isEmpty()) {
                pausedAt = now;
                pauseNanos = Math.min(LONGEST_PAUSE_NANOS, Math.max(FIRST_PAUSE_NANOS, 2 * pauseNanos));
                return OptionalLong.empty();
            }
            lag += Math.max(0, ofPartition.getAsLong());
        }
        pauseNanos = 0;
        return OptionalLong.of(lag);
    }
}
