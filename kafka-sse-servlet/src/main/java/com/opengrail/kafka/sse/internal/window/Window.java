package com.opengrail.kafka.sse.internal.window;

import com.opengrail.kafka.sse.internal.gzip.ByteBudget;
import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * The most recent frames of a feed, bounded in bytes: a ring of segments. Each frame has a sequence number.
 *
 * <p>Loss: appending never waits. The oldest segment goes when the bytes run out. A cursor before the oldest frame is
 * then behind the window.
 *
 * <p>Threads: one writer, the tail, for all that appends; any number of readers. {@link #publish} makes visible what was
 * appended, by one volatile write.
 */
public final class Window {
    /** The least number of segments of a window, so that it slides by small steps. */
    private static final int LEAST_SEGMENTS = 8;

    /** Compressed frames take at most this part of the window. */
    private static final int PART_FOR_COMPRESSED = 4;

    /** The newest segments, in which nearly all clients are, keep their compressed frames as long as they can. */
    private static final int NEWEST_SEGMENTS = 2;

    /**
     * What readers may see: all frames before a sequence, and the position there.
     *
     * @param newest the segment that holds the last of them or, while it is empty, the next
     * @param isAhead true if the position has changed since the last frame and the last gap, so neither tells it
     * @param lastBoundary the sequence after the newest boundary, 0 if there was none
     * @param restarted the partitions of which a position past the end may be of the log as it was
     */
    public record End(
            long sequence,
            Segment newest,
            Position position,
            boolean isAhead,
            long lastBoundary,
            Set<TopicPartition> restarted) {

        public Layout layout() {
            return position.layout();
        }

        /** True if an offset of a position may be one of a log that was longer. */
        public boolean isOutlivedBy(Position other) {
            return restarted.stream().mapToInt(layout()::indexOf).anyMatch(i -> other.next()[i] > position.next()[i]);
        }
    }

    private final long maxBytes;
    private final int segmentBytes;
    private final AtomicReferenceArray<Segment> ring;
    private final ByteBudget compressed;
    private final Thread writer = Thread.currentThread();
    private final IdLine idLine = new IdLine();

    /** Written by the tail. */
    private long limit;

    private Segment newest;

    private Position position;
    private long footprintOfSealed;
    private long unpublishedBytes;
    private long oldestNumber;
    private long lastBoundary;
    private boolean isAhead;

    /** Replaced and never changed, since readers have it. */
    private Set<TopicPartition> restarted = Set.of();

    /**
     * The number of the first segment that clients may join by their position. From its start on, offsets only grow. Written
     * by the tail.
     */
    private volatile long firstToJoin;

    private volatile End end;

    public Window(long maxBytes, Position start) {
        this.maxBytes = maxBytes;
        this.limit = maxBytes;
        this.segmentBytes = (int) Math.max(1, Math.min(Segment.BYTES, maxBytes / LEAST_SEGMENTS));
        this.compressed = new ByteBudget(maxBytes / PART_FOR_COMPRESSED);
        this.ring = new AtomicReferenceArray<>(Math.toIntExact(maxBytes / segmentBytes + 2));
        this.position = start.copy();
        open(new Segment(start.copy(), segmentBytes));
        publish();
    }

    /** Appends the frames of a record: those whose name is streamed, or one without bytes if there is none. */
    public void append(int partition, long offset, RecordFrames frames, EventName[] names) {
        assert isWriter();
        int bytes = idLine.encode(position, partition, offset, frames, names);
        int count = Math.max(1, frames.count());
        // A segment that is opened starts before the record.
        if (!newest.hasRoomFor(bytes, count)) {
            openNext(Math.max(segmentBytes, bytes), Segment.Boundary.NONE);
        }
        newest.append(partition, offset, frames, names, idLine.line());
        position.next()[partition] = offset + 1;
        isAhead = false;
        unpublishedBytes += bytes;
    }

    /** Moves a partition past offsets without a record: markers of transactions, compacted ones. True if it moved. */
    public boolean advance(int partition, long nextOffset) {
        assert isWriter();
        boolean moves = nextOffset > position.next()[partition];
        if (moves) {
            position.next()[partition] = nextOffset;
            isAhead = true;
        }
        return moves;
    }

    public void relocate(Position to, List<Gap> gaps) {
        Set<TopicPartition> all = new HashSet<>(restarted);
        all.retainAll(to.layout().partitions());
        for (Gap gap : gaps) {
            if (gap.restartsPartition()) {
                all.add(gap.partition());
            }
        }
        restarted = Set.copyOf(all);
        boolean isComparable = to.layout() == position.layout() && gaps.stream().noneMatch(Gap::restartsPartition);
        position = to.copy();
        isAhead = gaps.isEmpty();
        openNext(segmentBytes, new Segment.Boundary(List.copyOf(gaps), Set.of()));
        if (!isComparable) {
            firstToJoin = newest.number();
        }
    }

    /**
     * Starts in partitions of which nothing was known. Clients in the window meet this as a boundary. Nobody can join it
     * before: records there do not show what a client has missed in these partitions.
     */
    public void startPartitions(Map<TopicPartition, Long> starts) {
        starts.forEach((partition, offset) -> {
            int i = layout().indexOf(partition);
            position.next()[i] = offset;
        });
        isAhead = true;
        openNext(segmentBytes, new Segment.Boundary(List.of(), Set.copyOf(starts.keySet())));
        firstToJoin = newest.number();
    }

    /**
     * Goes on at a later offset of a partition, without what came before. Whoever was in the window is behind it then, so
     * nobody misses what is left out.
     */
    public void startAfresh(TopicPartition partition, long offset) {
        assert isWriter();
        position.next()[layout().indexOf(partition)] = offset;
        isAhead = true;
        footprintOfSealed += newest.footprint();
        // A sequence is left out, or else those at the end of what was before would be at the start of what follows.
        open(new Segment(
                newest.number() + 1, nextSequence() + 1, position.copy(), Segment.Boundary.NONE, segmentBytes));
        lastBoundary = newest.firstSequence();
        firstToJoin = newest.number();
        while (oldestNumber < newest.number()) {
            dropOneSegment();
        }
    }

    /** Holds no more than this for now, if it is less than what the window was made for. */
    public void limit(long bytes) {
        assert isWriter();
        limit = Math.min(maxBytes, bytes);
        compressed.limit(limit / PART_FOR_COMPRESSED);
        dropCompressed();
        dropOldest(newest.footprint());
    }

    public void publish() {
        assert isWriter();
        unpublishedBytes = 0;
        dropCompressed();
        dropOldest(newest.footprint());
        end = new End(nextSequence(), newest, position.copy(), isAhead, lastBoundary, restarted);
    }

    /** The most memory for frames now, in bytes. */
    public long limit() {
        assert isWriter();
        return limit;
    }

    /** The bytes appended since the last publication. */
    public long unpublishedBytes() {
        return unpublishedBytes;
    }

    /** The layout in which the tail appends. */
    public Layout layout() {
        assert isWriter();
        return position.layout();
    }

    /** A copy of the position after what was appended. */
    public Position next() {
        assert isWriter();
        return position.copy();
    }

    public long nextSequence() {
        return newest.firstSequence() + newest.count();
    }

    public End end() {
        return end;
    }

    /** The number of frames that have not been dropped. */
    public long frames() {
        return nextSequence() - segment(oldestNumber).firstSequence();
    }

    /** The memory of the frames, in bytes. */
    public long footprint() {
        return footprintOfSealed + newest.footprint() + compressed.used();
    }

    /** Where compressed frames are counted, which take a part of the window's memory. */
    public ByteBudget compressed() {
        return compressed;
    }

    private Segment segment(long number) {
        Segment segment = number < 0 ? null : ring.get((int) (number % ring.length()));
        return segment != null && segment.number() == number ? segment : null;
    }

    /** The segment that holds a published sequence, or {@code null} if it was dropped. */
    public Segment segmentOf(long sequence) {
        return lastSegment(0, segment -> segment.boundarySequence() <= sequence);
    }

    /**
     * The newest segment from whose start on all is there that follows a position, or {@code null} if there is none. Clients
     * with many different positions ask this after each batch of a replay, so it must not look at each segment.
     */
    public Segment segmentBefore(Position wanted) {
        End now = end;
        if (now.layout() != wanted.layout() || now.isOutlivedBy(wanted)) {
            return null;
        }
        return lastSegment(firstToJoin, segment -> segment.start().isAtOrBefore(wanted));
    }

    /** The last segment that begins at or before a place, from a number on; {@code null} if it is not there any more. */
    private Segment lastSegment(long from, Predicate<Segment> beginsBefore) {
        long high = end.newest().number();
        long low = Math.max(from, high - ring.length() + 1);
        Segment found = null;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            Segment segment = segment(middle);
            if (segment != null && !beginsBefore.test(segment)) {
                high = middle - 1;
            } else {
                // The oldest are dropped first: a missing segment is older than those that are left.
                found = segment;
                low = middle + 1;
            }
        }
        return found;
    }

    private void openNext(int capacity, Segment.Boundary boundary) {
        assert isWriter();
        footprintOfSealed += newest.footprint();
        dropOldest(capacity);
        open(new Segment(newest.number() + 1, nextSequence(), position.copy(), boundary, capacity));
        if (!boundary.isNone()) {
            lastBoundary = newest.firstSequence();
        }
    }

    private void open(Segment segment) {
        newest = segment;
        ring.set((int) (segment.number() % ring.length()), segment);
    }

    /**
     * Makes room for new compressed frames. It drops those of old segments, because only few clients are that far
     * behind.
     */
    private void dropCompressed() {
        long last = newest.number() - NEWEST_SEGMENTS;
        for (long number = oldestNumber; number <= last && compressed.isShort(); number++) {
            segment(number).dropCompressed();
        }
    }

    private void dropOldest(long footprintOfNewest) {
        while (footprintOfSealed > 0 && footprintOfSealed + footprintOfNewest + compressed.used() > limit) {
            dropOneSegment();
        }
    }

    private void dropOneSegment() {
        Segment oldest = segment(oldestNumber++);
        footprintOfSealed -= oldest.footprint();
        oldest.close();
        ring.set((int) (oldest.number() % ring.length()), null);
    }

    private boolean isWriter() {
        return Thread.currentThread() == writer;
    }
}
