package com.opengrail.kafka.sse.internal.source;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The leader epochs of the records read last. With them a consumer that is told to seek can find out whether the log was
 * truncated in the meantime (KIP-320). Without, it does not notice if the log has grown past that offset again.
 *
 * <p>Threads: not safe; belongs to the owner of the consumers, one after the other.
 */
public final class LeaderEpochs {

    /** An offset, and the epoch of what was read before it. */
    private record Known(long offset, int epoch) {}

    private final Map<TopicPartition, Known> known = new HashMap<>();

    /** A poll has led up to these offsets, with records or without. */
    public void read(Map<TopicPartition, OffsetAndMetadata> next) {
        next.forEach((partition, to) ->
                to.leaderEpoch().ifPresent(epoch -> known.put(partition, new Known(to.offset(), epoch))));
    }

    /** Moves a consumer to an offset, with the epoch if the records before were the last that were read. */
    public void seek(Consumer<?, ?> consumer, TopicPartition partition, long offset) {
        Known last = known.get(partition);
        // Past it there are records of which the epoch is not known. An older one may have ended before them.
        if (last != null && last.offset() == offset) {
            consumer.seek(partition, new OffsetAndMetadata(offset, Optional.of(last.epoch()), ""));
        } else {
            known.remove(partition);
            consumer.seek(partition, offset);
        }
    }

    /** The log was truncated or replaced: the epochs of earlier records are useless. */
    public void forget(TopicPartition partition) {
        known.remove(partition);
    }
}
