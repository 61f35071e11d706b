package com.opengrail.kafka.sse.internal.wire;

import com.opengrail.kafka.sse.SseEvent;
import java.util.Arrays;

/**
 * The events made of one record, encoded without their ids. The body of a frame consists of the event and data lines
 * and of the empty line that ends the event.
 *
 * <p>Threads: not safe. A reader of Kafka owns one and reuses it for each record.
 */
public final class RecordFrames {
    private static final long NO_TIMESTAMP = -1;

    /** A larger buffer is not used again: a single large record would hold its memory for ever. */
    private static final int MOST_KEPT_BYTES = 1 << 20;

    private FrameBuffer bodies = new FrameBuffer();
    private byte[][] names = new byte[4][];
    private int[] ends = new int[4];
    private int count;
    private long timestamp = NO_TIMESTAMP;

    /** Drops the events. Called before each record, and after the last one of several. */
    public void clear() {
        bodies.clear();
        if (bodies.array().length > MOST_KEPT_BYTES) {
            bodies = new FrameBuffer();
        }
        Arrays.fill(names, 0, count, null);
        count = 0;
        timestamp = NO_TIMESTAMP;
    }

    /** Says when the record was made, in milliseconds since the epoch; negative if that is not known. */
    public void timestamp(long ofRecord) {
        timestamp = ofRecord;
    }

    /** When the record was made, in milliseconds since the epoch; negative if that is not known. */
    public long timestamp() {
        return timestamp;
    }

    /** Adds an event under its own name, even a reserved one, for tests. */
    public void add(SseEvent event) {
        add(event.nameUtf8(), event);
    }

    /** Adds an event that was made of a record. A reserved name is changed. */
    public void addOfRecord(SseEvent event, ReservedNames reserved) {
        add(reserved.asSent(event.nameUtf8()), event);
    }

    private void add(byte[] name, SseEvent event) {
        if (count == ends.length) {
            names = Arrays.copyOf(names, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        bodies.event(name).data(event.dataUtf8()).end();
        names[count] = name;
        ends[count++] = bodies.length();
    }

    public int count() {
        return count;
    }

    /** The name of a frame's event in UTF-8, or {@code null}. */
    public byte[] name(int frame) {
        return names[frame];
    }

    public byte[] array() {
        return bodies.array();
    }

    public int start(int frame) {
        return frame == 0 ? 0 : ends[frame - 1];
    }

    public int length(int frame) {
        return ends[frame] - start(frame);
    }
}
