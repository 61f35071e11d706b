package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The most recent frames of a feed, bounded in bytes: a ring of segments, in which each frame has a sequence number.
 *
 * <p>Loss: appending never waits; the oldest segment goes when the bytes run out, and a cursor that stood there finds
 * itself behind the window.
 *
 * <p>Threads: one writer, the tail, for all that appends; any number of readers. What was appended becomes visible as a
 * whole with {@link #publish}, by one volatile write.
 */
final class Window {
    private static final int SEGMENT_BYTES = 64 * 1024;
    private static final int SEGMENT_FRAMES = 4096;

    private static final BitSet NONE = new BitSet();

    /** The least number of segments that a window is made of, so that it slides by small steps. */
    private static final int LEAST_SEGMENTS = 8;

    /**
     * What readers may see: all frames before a sequence, and the position there.
     *
     * @param newestSegment the number of the segment that holds the last of them or, while it is empty, the next
     * @param restarted the partitions that have been truncated: a position past the end of one may be of the log as it was
     */
    record End(long sequence, long newestSegment, Place place, BitSet restarted) {

        /** Whether a position among these partitions may be one of a log that was longer. */
        boolean isOutlivedBy(long[] position) {
            return restarted.stream().anyMatch(i -> position[i] > place.next()[i]);
        }

        Layout layout() {
            return place.layout();
        }

        long[] position() {
            return place.next();
        }
    }

    private final long maxBytes;
    private final int segmentBytes;
    private final AtomicReferenceArray<Segment> ring;
    private final FrameBuffer idLine = new FrameBuffer();
    private final Thread writer = Thread.currentThread();

    /** Written by the tail. */
    private Segment newest;

    private Layout layout;
    private long[] next;
    private long footprintOfSealed;
    private long oldestNumber;

    /** Replaced and never changed, since readers have it. */
    private BitSet restartedSoFar = NONE;

    private volatile End end;

    Window(long maxBytes, Layout layout, long[] start) {
        this.maxBytes = maxBytes;
        this.segmentBytes = (int) Math.max(1, Math.min(SEGMENT_BYTES, maxBytes / LEAST_SEGMENTS));
        this.ring = new AtomicReferenceArray<>(Math.toIntExact(maxBytes / segmentBytes + 2));
        this.layout = layout;
        this.next = start.clone();
        open(new Segment(null, layout, start.clone(), NONE, segmentBytes));
        publish();
    }

    /** Appends the frames of a record: those whose name is streamed, or one without bytes if there is none. */
    void append(int partition, long offset, RecordFrames frames, EventName[] names) {
        int bytes = 0;
        for (int i = 0; i < frames.count(); i++) {
            bytes += names[i] == EventName.NONE ? 0 : frames.length(i);
        }
        if (bytes > 0) {
            encodeId(partition, offset);
            bytes += idLine.length();
        }
        // A segment that is opened starts before the record.
        Segment segment = segmentFor(bytes, Math.max(1, frames.count()));
        segment.append(partition, offset, frames, names, idLine);
        next[partition] = offset + 1;
    }

    private void encodeId(int partition, long offset) {
        long before = next[partition];
        next[partition] = offset + 1;
        idLine.clear();
        idLine.id(PositionCodec.encode(layout, next));
        next[partition] = before;
    }

    /**
     * Moves a partition's position past offsets that no record has: transaction markers, what was compacted away.
     *
     * @return whether it moved
     */
    boolean advance(int partition, long nextOffset) {
        assert isWriter();
        boolean moves = nextOffset > next[partition];
        if (moves) {
            next[partition] = nextOffset;
        }
        return moves;
    }

    /**
     * Goes on with other partitions or at other offsets.
     *
     * @param restarted the partitions whose offsets do not follow on those so far; where there are such, no client can
     *     resume further back in the window
     */
    void relocate(Layout newLayout, long[] position, BitSet restarted) {
        BitSet all = (BitSet) restarted.clone();
        if (newLayout == layout) {
            all.or(restartedSoFar);
        }
        restartedSoFar = all;
        layout = newLayout;
        next = position.clone();
        openNext(segmentBytes, restarted);
    }

    /** Makes visible what was appended. */
    void publish() {
        assert isWriter();
        dropOldest(newest.footprint());
        end = new End(nextSequence(), newest.number, new Place(layout, next.clone()), restartedSoFar);
    }

    /** The layout that the tail appends by. */
    Layout layout() {
        assert isWriter();
        return layout;
    }

    /** The next offset that the tail appends, for each partition. */
    long[] next() {
        assert isWriter();
        return next.clone();
    }

    /** The sequence that the next appended frame gets. */
    long nextSequence() {
        return newest.firstSequence + newest.count();
    }

    End end() {
        return end;
    }

    /** The number of frames that have not been dropped. */
    long frames() {
        return nextSequence() - segment(oldestNumber).firstSequence;
    }

    /** The memory that the frames occupy. */
    long footprint() {
        return footprintOfSealed + newest.footprint();
    }

    /** A segment by its number, or {@code null} if it is no longer or not yet in the window. */
    Segment segment(long number) {
        Segment segment = number < 0 ? null : ring.get((int) (number % ring.length()));
        return segment != null && segment.number == number ? segment : null;
    }

    /** The segment that holds a published sequence, or {@code null} if it is no longer in the window. */
    Segment segmentOf(long sequence) {
        Segment segment = segment(end.newestSegment());
        while (segment != null && segment.firstSequence > sequence) {
            segment = segment(segment.number - 1);
        }
        return segment;
    }

    /** The newest segment after whose start all is there that follows a position, or {@code null} if there is none. */
    Segment segmentBefore(long[] position, Layout ofPosition) {
        End now = end;
        boolean isKnown = now.layout() == ofPosition && !now.isOutlivedBy(position);
        Segment segment = isKnown ? segment(now.newestSegment()) : null;
        while (segment != null && segment.layout == ofPosition) {
            if (isAtOrBefore(segment.start, position)) {
                return segment;
            }
            segment = segment.restarted.isEmpty() ? segment(segment.number - 1) : null;
        }
        return null;
    }

    private static boolean isAtOrBefore(long[] start, long[] position) {
        for (int i = 0; i < start.length; i++) {
            if (start[i] > position[i]) {
                return false;
            }
        }
        return true;
    }

    private Segment segmentFor(int moreBytes, int moreFrames) {
        assert isWriter();
        if (!newest.hasRoomFor(moreBytes, moreFrames, SEGMENT_FRAMES)) {
            openNext(Math.max(segmentBytes, moreBytes), NONE);
        }
        return newest;
    }

    private void openNext(int capacity, BitSet restarted) {
        assert isWriter();
        footprintOfSealed += newest.footprint();
        dropOldest(capacity);
        open(new Segment(newest, layout, next.clone(), restarted, capacity));
    }

    private void open(Segment segment) {
        newest = segment;
        ring.set((int) (segment.number % ring.length()), segment);
    }

    private void dropOldest(long footprintOfNewest) {
        while (footprintOfSealed > 0 && footprintOfSealed + footprintOfNewest > maxBytes) {
            Segment oldest = segment(oldestNumber++);
            footprintOfSealed -= oldest.footprint();
            ring.set((int) (oldest.number % ring.length()), null);
        }
    }

    private boolean isWriter() {
        return Thread.currentThread() == writer;
    }
}
