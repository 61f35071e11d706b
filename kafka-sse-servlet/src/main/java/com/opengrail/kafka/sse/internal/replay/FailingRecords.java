package com.opengrail.kafka.sse.internal.replay;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Records that could not be read a short while ago, because of a corrupt batch for instance. A consumer fails at each poll as
 * long as it fetches one. Whoever has to read it reads the other partitions meanwhile.
 *
 * <p>Threads: not safe; belongs to the owner of the consumer.
 */
final class FailingRecords {
    static final long LEFT_OUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private record Place(TopicPartition partition, long offset) {}

    private final LongSupplier nanoTime;

    /** Until when each is left out. */
    private final Map<Place, Long> ends = new HashMap<>();

    FailingRecords(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void failed(TopicPartition partition, long offset) {
        long now = nanoTime.getAsLong();
        ends.values().removeIf(end -> end - now <= 0);
        ends.put(new Place(partition, offset), now + LEFT_OUT_NANOS);
    }

    /** True if the record at an offset is not to be read yet. */
    boolean isAt(TopicPartition partition, long offset) {
        return nanosLeft(partition, offset) > 0;
    }

    /** How long the record is not to be read; 0 if it may be. */
    long nanosLeft(TopicPartition partition, long offset) {
        Long end = ends.isEmpty() ? null : ends.get(new Place(partition, offset));
        return end == null ? 0 : Math.max(0, end - nanoTime.getAsLong());
    }
}
