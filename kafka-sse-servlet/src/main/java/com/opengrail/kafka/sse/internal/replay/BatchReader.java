package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.ConsumerLag;
import com.opengrail.kafka.sse.internal.source.ConsumerPosition;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes a batch of what one poll gives from a position on, wherever in the log that is.
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
    private final RecordFrames frames;

    /** What the consumer is assigned. */
    private Layout assigned;

    private ConsumerLag lag;

    /** Since they were last taken. */
    private long records;

    BatchReader(Consumer<byte[], byte[]> consumer, MapperChain mappers, EventNames names) {
        this.consumer = consumer;
        this.mappers = mappers;
        this.names = names;
        this.frames = new RecordFrames();
    }

    /** The number of records read since this was last asked. */
    long takeRecords() {
        long taken = records;
        records = 0;
        return taken;
    }

    /**
     * Moves the consumer to a position. It seeks only where the consumer is elsewhere: of the other partitions it keeps what
     * it has fetched ahead.
     *
     * @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException if a log has been truncated
     */
    void moveTo(Position position) {
        List<TopicPartition> partitions = position.layout().partitions();
        boolean isAssigned = position.layout() == assigned;
        if (!isAssigned) {
            assigned = null;
            consumer.assign(partitions);
            lag = new ConsumerLag(consumer, System::nanoTime);
        }
        for (int i = 0; i < partitions.size(); i++) {
            if (!isAssigned || ConsumerPosition.of(consumer, partitions.get(i)) != position.next()[i]) {
                consumer.seek(partitions.get(i), position.next()[i]);
            }
        }
        assigned = position.layout();
    }

    /** Lets go of what the consumer has fetched: it is assigned anew before it reads again. */
    void forget() {
        if (assigned != null) {
            consumer.unsubscribe();
            assigned = null;
        }
    }

    /**
     * Reads what follows a position, to which the consumer has been moved.
     *
     * @return a batch, which is empty if nothing has come in this time
     * @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException if the log does not reach to that position
     */
    Batch read(Position from, Duration timeout) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(timeout);
        Layout layout = from.layout();
        Batch batch = new Batch(from, expectedBytes(polled));
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

    /** True if the consumer knows that no partition has more: as of the last answers there was nothing left to fetch. */
    boolean isAtEnd(Layout layout) {
        OptionalLong known = lag.of(layout.partitions());
        return known.isPresent() && known.getAsLong() == 0;
    }

    private static int expectedBytes(ConsumerRecords<byte[], byte[]> polled) {
        long bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            bytes += ID_BYTES + Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        }
        return (int) Math.min(MOST_EXPECTED_BYTES, bytes);
    }
}
