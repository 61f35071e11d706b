package com.opengrail.kafka.sse.internal.replay;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Partitions whose broker did not answer a fetch in time, though other brokers did. Clients at the offset of the fetch wait for
 * it. All others read the other partitions: if they moved the consumer, a broker that is slow would be asked
 * again and again in vain, and if they waited for one that is silent, nobody would read anything meanwhile.
 *
 * <p>Limits: after a pause, which grows while there is no answer, the partition is anybody's again.
 *
 * <p>Threads: not safe; belongs to the owner of the consumer.
 */
final class AwaitedFetches {
    static final long SHORTEST_PAUSE = TimeUnit.SECONDS.toNanos(4);
    static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(30);

    private record Awaited(long offset, long pause, long end) {}

    private final LongSupplier nanoTime;
    private final Map<TopicPartition, Awaited> awaited = new HashMap<>();

    AwaitedFetches(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void unanswered(TopicPartition partition, long offset) {
        Awaited before = awaited.get(partition);
        long pause = before == null ? SHORTEST_PAUSE : Math.min(LONGEST_PAUSE, 2 * before.pause);
        awaited.put(partition, new Awaited(offset, pause, nanoTime.getAsLong() + pause));
    }

    void answered(TopicPartition partition) {
        awaited.remove(partition);
    }

    /** True if a fetch at this offset is awaited. */
    boolean isAt(TopicPartition partition, long offset) {
        Awaited found = present(partition);
        return found != null && found.offset == offset;
    }

    /** True if a fetch at another offset is awaited. */
    boolean isElsewhere(TopicPartition partition, long offset) {
        Awaited found = present(partition);
        return found != null && found.offset != offset;
    }

    private Awaited present(TopicPartition partition) {
        return nanosLeft(partition) > 0 ? awaited.get(partition) : null;
    }

    /** How long the fetch is awaited; 0 if none is. */
    long nanosLeft(TopicPartition partition) {
        Awaited found = awaited.get(partition);
        return found == null ? 0 : Math.max(0, found.end - nanoTime.getAsLong());
    }
}
