package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.feed.Batch;
import com.opengrail.kafka.sse.internal.feed.EventNames;
import com.opengrail.kafka.sse.internal.feed.Place;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.ConsumerPosition;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes a batch of what one poll gives from a place on, wherever in the log that is.
 *
 * <p>Threads: not safe; belongs to the owner of the consumer.
 */
final class BatchReader {
    /** What an id line and the names of the fields take, roughly. */
    private static final int ID_BYTES = 80;

    private static final int MOST_EXPECTED_BYTES = 16 * 1024 * 1024;

    private final Consumer<byte[], byte[]> consumer;
    private final MapperChain mappers;
    private final EventNames names;
    private final RecordFrames frames = new RecordFrames();

    /** What the consumer is assigned. */
    private Layout assigned;

    /** Where the consumer reads on. */
    private Place stand;

    private long lastFootprint;

    /** Since they were last taken. */
    private long records;

    BatchReader(Consumer<byte[], byte[]> consumer, MapperChain mappers, EventNames names) {
        this.consumer = consumer;
        this.mappers = mappers;
        this.names = names;
    }

    /** Where this would read on without fetching anew, or {@code null} for nowhere. */
    Place stand() {
        return stand;
    }

    /** The memory that the batch read last occupies. */
    long lastFootprint() {
        return lastFootprint;
    }

    /** The number of records read since this was last asked. */
    long takeRecords() {
        long taken = records;
        records = 0;
        return taken;
    }

    /**
     * Reads what follows on a place.
     *
     * @param timeout how long to wait for it
     * @return a batch, which is empty where nothing has come
     * @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException if the log does not reach to that place
     */
    Batch read(Place from, Duration timeout) {
        moveTo(from);
        Batch read = batch(consumer.poll(timeout), from);
        stand = read.end();
        lastFootprint = read.footprint();
        return read;
    }

    /** Whether a place is known to be past the end of the log, in partitions of which something has been fetched. */
    boolean isPastTheEnd(Place place) {
        List<TopicPartition> partitions = place.layout().partitions();
        for (int i = 0; i < partitions.size(); i++) {
            OptionalLong lag = consumer.currentLag(partitions.get(i));
            if (lag.isPresent()
                    && ConsumerPosition.of(consumer, partitions.get(i)) + lag.getAsLong() < place.next()[i]) {
                return true;
            }
        }
        return false;
    }

    /** Seeks only in partitions where the consumer is elsewhere: of the others it keeps what it has fetched ahead. */
    private void moveTo(Place place) {
        List<TopicPartition> partitions = place.layout().partitions();
        boolean isAssigned = place.layout() == assigned;
        stand = null;
        if (!isAssigned) {
            assigned = null;
            consumer.assign(partitions);
        }
        for (int i = 0; i < partitions.size(); i++) {
            if (!isAssigned || ConsumerPosition.of(consumer, partitions.get(i)) != place.next()[i]) {
                consumer.seek(partitions.get(i), place.next()[i]);
            }
        }
        assigned = place.layout();
    }

    private Batch batch(ConsumerRecords<byte[], byte[]> polled, Place from) {
        Layout layout = from.layout();
        Batch batch = new Batch(layout, from.next(), sizeOf(polled));
        records += polled.count();
        for (TopicPartition partition : polled.partitions()) {
            int index = layout.indexOf(partition.topic(), partition.partition());
            for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                mappers.encode(record, frames);
                batch.append(index, record.offset(), frames, names);
            }
        }
        for (int i = 0; i < layout.size(); i++) {
            batch.advance(i, ConsumerPosition.of(consumer, layout.partitions().get(i)));
        }
        return batch;
    }

    private static int sizeOf(ConsumerRecords<byte[], byte[]> polled) {
        long bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            bytes += ID_BYTES + Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        }
        return (int) Math.min(MOST_EXPECTED_BYTES, bytes);
    }
}
