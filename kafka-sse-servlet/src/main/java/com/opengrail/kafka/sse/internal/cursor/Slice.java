package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.wire.FrameBuffer;

/**
 * Bytes for one write: a part of a shared segment or bytes of the client's own. They never change.
 *
 * <p>Threads: not safe; filled and emptied by whoever writes to a client.
 */
public final class Slice {
    private byte[] bytes;
    private int from;
    private int length;
    private int events;

    /** Bytes in which there is no event that counts: keep-alives, position blocks. */
    public void set(byte[] source, int start, int size) {
        bytes = source;
        from = start;
        length = size;
        events = 0;
    }

    /** Bytes that hold a number of events. */
    public void set(byte[] source, int start, int size, int count) {
        set(source, start, size);
        events = count;
    }

    /** The bytes of a buffer that nobody changes any more. */
    void set(FrameBuffer buffer, int count) {
        set(buffer.array(), 0, buffer.length(), count);
    }

    public void clear() {
        bytes = null;
        length = 0;
        events = 0;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int length() {
        return length;
    }

    public int events() {
        return events;
    }
}
