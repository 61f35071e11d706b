package com.opengrail.kafka.sse.internal.window;

import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;

/**
 * Encodes the id line of a record: the position after it.
 *
 * <p>Threads: not safe; belongs to the writer of the segments.
 */
public final class IdLine {
    private final FrameBuffer line = new FrameBuffer();

    /**
     * Encodes the id line if the record has any event that is streamed.
     *
     * @param before the position before the record, unchanged afterwards
     * @return the bytes that the record's frames take with it
     */
    int encode(Position before, int partition, long offset, RecordFrames frames, EventName[] names) {
        int bytes = 0;
        for (int i = 0; i < frames.count(); i++) {
            bytes += names[i] == EventName.NONE ? 0 : frames.length(i);
        }
        if (bytes == 0) {
            return 0;
        }
        long next = before.next()[partition];
        before.next()[partition] = offset + 1;
        line.clear();
        line.id(before.id());
        before.next()[partition] = next;
        return bytes + line.length();
    }

    FrameBuffer line() {
        return line;
    }
}
