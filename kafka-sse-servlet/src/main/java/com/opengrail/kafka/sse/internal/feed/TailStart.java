package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds where a tail starts: so far before the end of the log that the window is filled, so that the clients of a server
 * that was restarted resume from memory. How far that is depends on the size of the records, of which it reads a few.
 *
 * <p>Threads: its owner's alone, the feed's thread.
 */
final class TailStart {
    private static final int SAMPLE_RECORDS = 64;

    /** What is assumed of records of which no sample is to be had. */
    private static final int USUAL_FRAME_BYTES = 512;

    /** The id line and what the index of a segment takes, roughly. */
    private static final int FRAME_OVERHEAD_BYTES = 64;

    private static final int SAMPLE_POLLS = 5;

    private final Consumer<byte[], byte[]> consumer;
    private final Layout layout;
    private final long[] beginning;
    private final long[] latest;

    TailStart(Consumer<byte[], byte[]> consumer, Layout layout) {
        this.consumer = consumer;
        this.layout = layout;
        this.beginning = inOrder(consumer.beginningOffsets(layout.partitions()));
        this.latest = inOrder(consumer.endOffsets(layout.partitions()));
    }

    /** The end of the log when the tail started. */
    long[] latest() {
        return latest;
    }

    /** The position to start at, to which the consumer is moved. */
    long[] positionToFill(long windowBytes, MapperChain mappers, Duration pollTimeout) {
        long total = 0;
        for (int i = 0; i < latest.length; i++) {
            total += latest[i] - beginning[i];
        }
        long perPartition = Long.MAX_VALUE;
        if (total > SAMPLE_RECORDS) {
            seek(before(SAMPLE_RECORDS / latest.length + 1));
            perPartition = windowBytes / frameBytes(mappers, pollTimeout) / latest.length + 1;
        }
        return seek(before(perPartition));
    }

    private long frameBytes(MapperChain mappers, Duration pollTimeout) {
        RecordFrames frames = new RecordFrames();
        long bytes = 0;
        int records = 0;
        for (int poll = 0; poll < SAMPLE_POLLS && records == 0; poll++) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(pollTimeout)) {
                mappers.encode(record, frames);
                bytes += frames.count() == 0 ? 0 : frames.start(frames.count() - 1) + frames.length(frames.count() - 1);
                records++;
            }
        }
        return FRAME_OVERHEAD_BYTES + (records == 0 ? USUAL_FRAME_BYTES : bytes / records);
    }

    private long[] before(long records) {
        long[] position = new long[latest.length];
        for (int i = 0; i < position.length; i++) {
            position[i] = Math.max(beginning[i], latest[i] - records);
        }
        return position;
    }

    private long[] seek(long[] position) {
        for (int i = 0; i < position.length; i++) {
            consumer.seek(layout.partitions().get(i), position[i]);
        }
        return position;
    }

    private long[] inOrder(Map<TopicPartition, Long> offsets) {
        long[] ordered = new long[layout.size()];
        for (int i = 0; i < ordered.length; i++) {
            ordered[i] = offsets.get(layout.partitions().get(i));
        }
        return ordered;
    }
}
