package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.FailedPartition;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where a tail starts: so far before the end of the log that the window is filled. So the clients of a server that was
 * restarted resume from memory. How far that is depends on the size of the records, of which it reads a few.
 *
 * <p>Threads: its owner's alone, the feed's thread.
 */
final class TailStart {
    private static final Logger LOG = LoggerFactory.getLogger(TailStart.class);

    private static final int SAMPLE_RECORDS = 64;

    /** The assumed size of a record if there is no sample. */
    private static final int USUAL_FRAME_BYTES = 512;

    /** The id line and what the index of a segment takes, roughly. */
    private static final int FRAME_OVERHEAD_BYTES = 64;

    private static final int SAMPLE_POLLS = 5;

    private final Consumer<byte[], byte[]> consumer;
    private final Set<String> unreadable;
    private final LogOffsets offsets;

    TailStart(Consumer<byte[], byte[]> consumer, Set<String> unreadable, LogOffsets offsets) {
        this.consumer = consumer;
        this.unreadable = unreadable;
        this.offsets = offsets;
    }

    /** The position to start at, to which the consumer is moved. */
    Position positionToFill(long windowBytes, MapperChain mappers, Duration pollTimeout) {
        Layout layout = offsets.layout();
        List<TopicPartition> read = TopicWatch.readable(layout, unreadable);
        consumer.assign(read);
        long total = read.stream()
                .mapToInt(layout::indexOf)
                .mapToLong(i -> offsets.latest()[i] - offsets.earliest()[i])
                .sum();
        long perPartition = Long.MAX_VALUE;
        if (total > SAMPLE_RECORDS) {
            seekBeforeEnd(SAMPLE_RECORDS / layout.size() + 1);
            perPartition = windowBytes / frameBytes(mappers, pollTimeout) / layout.size() + 1;
        }
        return seekBeforeEnd(perPartition);
    }

    private long frameBytes(MapperChain mappers, Duration pollTimeout) {
        RecordFrames frames = new RecordFrames();
        long bytes = 0;
        int records = 0;
        for (int poll = 0; poll < SAMPLE_POLLS && records == 0; poll++) {
            for (ConsumerRecord<byte[], byte[]> record : sample(pollTimeout)) {
                mappers.encode(record, frames);
                bytes += frames.count() == 0 ? 0 : frames.start(frames.count() - 1) + frames.length(frames.count() - 1);
                records++;
            }
        }
        return FRAME_OVERHEAD_BYTES + (records == 0 ? USUAL_FRAME_BYTES : bytes / records);
    }

    /** Records that cannot be read are no reason not to start. */
    private ConsumerRecords<byte[], byte[]> sample(Duration pollTimeout) {
        try {
            return consumer.poll(pollTimeout);
        } catch (KafkaException e) {
            if (!FailedPartition.isOfRecords(e)) {
                throw e;
            }
            LOG.debug("No sample of the size of records", e);
            return ConsumerRecords.empty();
        }
    }

    /** Moves the consumer so many records before the end of the log. */
    private Position seekBeforeEnd(long records) {
        Layout layout = offsets.layout();
        long[] next = new long[layout.size()];
        for (int i = 0; i < next.length; i++) {
            TopicPartition partition = layout.partitions().get(i);
            boolean isRead = !unreadable.contains(partition.topic());
            // Where nothing is read, clients of the end of the log are at the end of the window.
            next[i] = Math.max(offsets.earliest()[i], offsets.latest()[i] - (isRead ? records : 0));
            if (isRead) {
                consumer.seek(partition, next[i]);
            }
        }
        return new Position(layout, next);
    }
}
