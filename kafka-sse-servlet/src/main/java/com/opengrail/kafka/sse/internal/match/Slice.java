package com.opengrail.kafka.sse.internal.match;

import com.opengrail.kafka.sse.internal.gzip.CompressedRun;
import com.opengrail.kafka.sse.internal.gzip.GzipStream;
import com.opengrail.kafka.sse.internal.gzip.WireBytes;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;

/**
 * Bytes for one write: a part of a shared segment or bytes of the client's own, or their form in the client's gzip
 * stream. They never change.
 *
 * <p>Threads: not safe; filled and emptied by whoever writes to a client.
 */
public final class Slice {
    /** The timestamp where there is none, as in Kafka. */
    public static final long NO_TIMESTAMP = -1;

    private static final byte[] NONE = {};

    private final WireBytes wire = new WireBytes();
    private byte[] bytes = NONE;
    private int from;
    private int length;
    private int events;

    /** Of the first event's record, if the client waited for it; else negative. */
    private long timestamp = NO_TIMESTAMP;

    /** Where the bytes may have been compressed for others; {@code null} if they are the client's own. */
    private CompressedRun run;

    /**
     * Takes bytes that nobody changes any more.
     *
     * @param count the number of events in them; keep-alives and position blocks do not count
     */
    public void set(byte[] source, int start, int size, int count) {
        bytes = source;
        from = start;
        length = size;
        events = count;
        timestamp = NO_TIMESTAMP;
        run = null;
    }

    /** The client has waited for the events, of which the first is of a record with this timestamp. */
    public void liveSince(long of) {
        timestamp = of;
    }

    /** The bytes lie in a segment, and all clients of a group get them. */
    public void share(CompressedRun of) {
        run = of;
    }

    /**
     * Replaces the bytes by their form in a client's gzip stream.
     *
     * @param isLast true if the stream ends with them
     */
    public void compress(GzipStream stream, boolean isLast) {
        if (isLast) {
            stream.end(bytes, from, length, wire);
        } else if (run != null) {
            stream.take(run, bytes, from, from + length, wire);
        } else if (length > 0) {
            stream.takePrivate(bytes, from, length, wire);
        }
        run = null;
        bytes = wire.bytes();
        from = wire.from();
        length = wire.length();
        wire.clear();
    }

    /** Takes the bytes of a buffer that nobody changes any more. */
    public void set(FrameBuffer buffer, int count) {
        set(buffer.array(), 0, buffer.length(), count);
    }

    public void clear() {
        set(NONE, 0, 0, 0);
        wire.clear();
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

    /** The timestamp of the first event's record if the client waited for it; negative if not, or if it has none. */
    public long timestamp() {
        return timestamp;
    }
}
