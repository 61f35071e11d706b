package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * What the brokers say of the offsets of partitions, for one client: asked when it is needed, and once.
 *
 * <p>Threads: belongs to the owner of the consumer.
 */
public final class BrokerOffsets {
    private final Consumer<byte[], byte[]> consumer;
    private final Layout layout;
    private final Duration timeout;
    private Map<TopicPartition, Long> beginning;
    private Map<TopicPartition, Long> latest;
    private Map<TopicPartition, OffsetAndTimestamp> atInstant;

    public BrokerOffsets(Consumer<byte[], byte[]> consumer, Layout layout, Duration timeout) {
        this.consumer = consumer;
        this.layout = layout;
        this.timeout = timeout;
    }

    Layout layout() {
        return layout;
    }

    /** The offset of a partition's first record. */
    long beginning(TopicPartition partition) {
        if (beginning == null) {
            beginning = consumer.beginningOffsets(layout.partitions(), timeout);
        }
        return beginning.get(partition);
    }

    /** The offset that the next record to be read gets at the earliest. */
    long latest(TopicPartition partition) {
        if (latest == null) {
            latest = consumer.endOffsets(layout.partitions(), timeout);
        }
        return latest.get(partition);
    }

    /** Where a client that starts so takes up all partitions. */
    Place place(Start start) {
        return new Place(
                layout,
                layout.partitions().stream()
                        .mapToLong(partition -> next(start, partition))
                        .toArray());
    }

    /** Where a client that starts so takes up a partition. */
    long next(Start start, TopicPartition partition) {
        if (start instanceof Start.Earliest) {
            return beginning(partition);
        }
        if (start instanceof Start.AtOffset at) {
            return at.offset();
        }
        if (start instanceof Start.AtOffsets at) {
            Long offset = at.offsets().get(partition.partition());
            return offset != null ? offset : latest(partition);
        }
        if (start instanceof Start.Since since) {
            return notBefore(partition, since.epochMillis());
        }
        if (start instanceof Start.After after) {
            long named = after.id().next(partition.topic(), partition.partition());
            return named >= 0 ? named : beginning(partition);
        }
        return latest(partition);
    }

    /** The end is asked for first: what is produced between the two answers is after the position then. */
    private long notBefore(TopicPartition partition, long epochMillis) {
        long end = latest(partition);
        if (atInstant == null) {
            Map<TopicPartition, Long> asked = new HashMap<>();
            layout.partitions().forEach(each -> asked.put(each, epochMillis));
            atInstant = consumer.offsetsForTimes(asked, timeout);
        }
        OffsetAndTimestamp found = atInstant.get(partition);
        return found != null ? Math.min(found.offset(), end) : end;
    }
}
