package com.opengrail.kafka.sse.internal.window;

import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows a position in the log, read in one poll and encoded once for all clients that come to that position. It is
 * made of segments, so that a client that stalls keeps one of them and not the whole batch. A client that is further in some
 * partitions skips what it has seen.
 *
 * <p>Threads: filled by the reader that makes it; never changed after it has been handed over.
 */
public final class Batch {
    private static final int LEAST_BYTES = 4096;

    /** Of a batch without its segments, and of a partition in both of its positions. */
    private static final int BYTES_OF_EACH = 200;

    private static final int BYTES_OF_PARTITION = 2 * Long.BYTES;

    private final Position from;
    private final Position end;

    /** Filled by the reader, and replaced by none by the cache that drops the batch. */
    private volatile List<Segment> segments = new ArrayList<>();

    /** The reader's, used while it fills the batch. */
    private final IdLine idLine;

    private int expectedBytes;
    private int size;

    /** A batch without records. Its frames are expected to need so many bytes. */
    public Batch(Position from, int expectedBytes, IdLine idLine) {
        this.idLine = idLine;
        this.from = from.copy();
        this.end = from.copy();
        this.expectedBytes = expectedBytes;
    }

    /** Appends the frames of a record, which follows on what was read of its partition. */
    public void append(int partition, long offset, RecordFrames frames, EventNames names) {
        EventName[] frameNames = names.of(frames);
        int bytes = idLine.encode(end, partition, offset, frames, frameNames);
        segmentFor(bytes, Math.max(1, frames.count())).append(partition, offset, frames, frameNames, idLine.line());
        end.next()[partition] = offset + 1;
    }

    private Segment segmentFor(int bytes, int count) {
        List<Segment> all = segments;
        Segment newest = all.isEmpty() ? null : all.get(all.size() - 1);
        if (newest != null && newest.hasRoomFor(bytes, count)) {
            return newest;
        }
        int capacity = Math.max(bytes, Math.min(Segment.BYTES, Math.max(LEAST_BYTES, expectedBytes)));
        expectedBytes -= Math.min(expectedBytes, capacity);
        Segment opened = new Segment(end.copy(), capacity);
        all.add(opened);
        size = all.size();
        return opened;
    }

    /** Moves a partition's position past offsets that no record has. */
    public void advance(int partition, long offset) {
        end.next()[partition] = Math.max(end.next()[partition], offset);
    }

    /** True if nothing was read, so that a client at its start makes no progress. */
    public boolean isEmpty() {
        return from.equals(end);
    }

    /** True if a client at a position may read this batch: it leaves nothing out, and some of it is new. */
    public boolean leadsOnFrom(Position position) {
        return from.isAtOrBefore(position) && !end.isAtOrBefore(position);
    }

    public Position from() {
        return from;
    }

    /** The position after it; not to be changed. */
    public Position end() {
        return end;
    }

    /** The index of the segment in which a client at a position continues; it has seen all of the segments before. */
    public int indexOf(Position position) {
        List<Segment> all = segments;
        int index = 0;
        while (index + 1 < all.size() && all.get(index + 1).start().isAtOrBefore(position)) {
            index++;
        }
        return index;
    }

    /** A segment by its index; {@code null} after the last one, and when the batch has been dropped. */
    public Segment segment(int index) {
        List<Segment> all = segments;
        return index >= all.size() ? null : all.get(index);
    }

    /** The number of segments, those that have been dropped included. */
    public int size() {
        return size;
    }

    public void dropCompressed() {
        segments.forEach(Segment::dropCompressed);
    }

    /** Lets go of the frames. Cursors keep the segment that they are in. */
    public void drop() {
        List<Segment> all = segments;
        segments = List.of();
        all.forEach(Segment::close);
    }

    /** The memory of the frames and positions, in bytes, before it is dropped. */
    public long footprint() {
        return BYTES_OF_EACH
                + (long) BYTES_OF_PARTITION * from.layout().size()
                + segments.stream().mapToLong(Segment::footprint).sum();
    }
}
