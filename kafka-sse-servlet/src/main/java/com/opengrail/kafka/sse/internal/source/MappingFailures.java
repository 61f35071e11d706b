package com.opengrail.kafka.sse.internal.source;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the records that were skipped since no event could be made of them, and logs one per partition and minute.
 *
 * <p>Threads: safe.
 */
public final class MappingFailures {
    private static final Logger LOG = LoggerFactory.getLogger(MappingFailures.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private final LongAdder count = new LongAdder();
    private final Map<TopicPartition, Long> loggedAt = new ConcurrentHashMap<>();

    public MappingFailures(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void skipped(String topic, int partition, long offset, Throwable cause) {
        count.increment();
        long now = nanoTime.getAsLong();
        Long logged = loggedAt.compute(
                new TopicPartition(topic, partition),
                (key, last) -> last == null || now - last >= QUIET_NANOS ? (Long) now : last);
        if (logged == now) {
            LOG.warn(
                    "Skipped the record at topic {} partition {} offset {}, of which no event could be made;"
                            + " for a minute others of this partition are only counted",
                    topic,
                    partition,
                    offset,
                    cause);
        }
    }

    /** The number of records skipped so far. */
    public long count() {
        return count.sum();
    }
}
