package com.opengrail.kafka.sse.internal.window;

import com.opengrail.kafka.sse.internal.gzip.CompressedGroup;
import com.opengrail.kafka.sse.internal.gzip.CompressedRun;
import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * A run of frames that lie contiguous in memory, so that a client takes several in one write. A frame is an id line and a
 * body. Of several events of one record only the last has an id line. A record without events has a frame without bytes, so
 * that the frames hold every position there was.
 *
 * <p>A segment may begin with a boundary: the gaps between the segment before and this one, or the partitions in which the
 * window starts. The boundary takes one sequence number, so that a cursor is either before it or after it.
 *
 * <p>Threads: one writer appends. Any thread reads up to the sequence published in {@link Window#end()}, which orders the
 * plain writes here before those reads. What has been published never changes.
 */
public final class Segment {
    /**
     * What lies between a segment and the one before.
     *
     * @param gaps what is missing
     * @param started Partitions that the window reads from here on. Before this boundary their offset is 0.
     */
    record Boundary(List<Gap> gaps, Set<TopicPartition> started) {
        static final Boundary NONE = new Boundary(List.of(), Set.of());

        boolean isNone() {
            return gaps.isEmpty() && started.isEmpty();
        }
    }

    /**
     * The usual size in bytes: large enough for one write of many frames, small enough to be kept for a client that stalls. A
     * record that is larger has a segment of its own.
     */
    static final int BYTES = 64 * 1024;

    private static final int MOST_FRAMES = 4096;

    private static final int INITIAL_FRAMES = 32;

    private final long number;

    private final long firstSequence;
    private final Position start;
    private final Boundary boundary;
    private final SegmentRuns runs = new SegmentRuns();

    /** Replaced only where a segment grows, before anybody else sees it. */
    private byte[] bytes;

    /** Written by the writer. */
    private Index index = new Index(INITIAL_FRAMES);

    private int count;
    private int length;
    private long nameBytes;

    /** Made by the first reader that asks. Two readers that ask at once make the same thing twice. */
    private volatile NamedFrames byName;

    /** A segment that follows none. */
    Segment(Position start, int capacity) {
        this(0, 0, start, Boundary.NONE, capacity);
    }

    /**
     * A segment.
     *
     * @param sequence the sequence after the segment before
     * @param start the position before the first frame
     */
    Segment(long number, long sequence, Position start, Boundary boundary, int capacity) {
        this.number = number;
        this.firstSequence = boundary.isNone() ? sequence : sequence + 1;
        this.start = start;
        this.boundary = boundary;
        this.bytes = new byte[capacity];
    }

    boolean hasRoomFor(int moreBytes, int moreFrames) {
        return length + nameBytes + moreBytes <= bytes.length && count + moreFrames <= MOST_FRAMES;
    }

    /**
     * Appends the frames of a record: those whose name is streamed, or one without bytes if there is none. If there is no
     * room, the segment grows; then it must not have been published yet.
     *
     * @param idLine of the position after the record, for its last event
     */
    void append(int partition, long offset, RecordFrames frames, EventName[] names, FrameBuffer idLine) {
        int last = frames.count() - 1;
        while (last >= 0 && names[last] == EventName.NONE) {
            last--;
        }
        int first = count;
        if (last < 0) {
            endFrame(length, partition, offset, EventName.NONE);
        }
        for (int i = 0; i <= last; i++) {
            if (names[i] != EventName.NONE) {
                if (i == last) {
                    put(idLine.array(), 0, idLine.length());
                }
                int body = length;
                put(frames.array(), frames.start(i), frames.length(i));
                endFrame(body, partition, offset, names[i]);
            }
        }
        Arrays.fill(index.timestamp, first, count, frames.timestamp());
    }

    private void put(byte[] source, int from, int size) {
        if (length + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + size, 2 * bytes.length));
        }
        System.arraycopy(source, from, bytes, length, size);
        length += size;
    }

    private void endFrame(int body, int partition, long offset, EventName name) {
        if (count == index.end.length) {
            index = new Index(index, count * 2);
        }
        index.body[count] = body;
        index.end[count] = length;
        index.partition[count] = partition;
        index.offset[count] = offset;
        index.name[count] = name;
        nameBytes += name.footprintOnce();
        count++;
    }

    /** Counts the segments of a window; 0 in a batch. */
    public long number() {
        return number;
    }

    /** The sequence of the boundary if there is one, else of the first frame. */
    long boundarySequence() {
        return boundary.isNone() ? firstSequence : firstSequence - 1;
    }

    public long firstSequence() {
        return firstSequence;
    }

    /** The position before the first frame, after the boundary. */
    public Position start() {
        return start;
    }

    public Layout layout() {
        return start.layout();
    }

    /** The gaps between the segment before and this one; usually none. */
    public List<Gap> gaps() {
        return boundary.gaps();
    }

    /** The partitions that the window starts in with this segment; usually none. */
    public Set<TopicPartition> started() {
        return boundary.started();
    }

    /** The position before the window started in partitions. */
    public Position beforeStarted() {
        return start.zeroAt(boundary.started());
    }

    public int count() {
        return count;
    }

    /** The frames for a group, as far as they have been compressed; {@code null} if that is not kept. */
    public CompressedRun compressed(CompressedGroup group) {
        return runs.of(group, () -> group.newRun(number, Integer.MAX_VALUE));
    }

    /** The same for clients of a kind, which are a group in this segment alone. Nothing is appended to it any more. */
    public CompressedRun compressed(Object kind, Supplier<CompressedGroup> group) {
        return runs.of(kind, () -> group.get().newRun(number, end(count - 1)));
    }

    void dropCompressed() {
        runs.drop();
    }

    /** Lets go of what has been compressed, for good. */
    void close() {
        runs.close();
    }

    /** The memory of the segment, in bytes, without what has been compressed. */
    public long footprint() {
        return bytes.length + nameBytes + (long) Index.BYTES_PER_FRAME * index.end.length;
    }

    /** The frames by their names, of a segment that is complete. */
    public NamedFrames byName() {
        NamedFrames made = byName;
        if (made == null) {
            made = new NamedFrames(this);
            byName = made;
        }
        return made;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int start(int frame) {
        return frame == 0 ? 0 : index.end[frame - 1];
    }

    /** Where a frame's body begins, after its id line. */
    public int body(int frame) {
        return index.body[frame];
    }

    public int end(int frame) {
        return index.end[frame];
    }

    public int partition(int frame) {
        return index.partition[frame];
    }

    public long offset(int frame) {
        return index.offset[frame];
    }

    public EventName name(int frame) {
        return index.name[frame];
    }

    /** When a frame's record was made, in milliseconds since the epoch; negative if that is not known. */
    public long timestamp(int frame) {
        return index.timestamp[frame];
    }

    /** The last frame of the record that a frame was made of. All frames of a record are in one segment. */
    public int lastOfRecord(int frame, int limit) {
        int last = frame;
        while (last + 1 < limit && isOfSameRecord(last + 1, frame)) {
            last++;
        }
        return last;
    }

    /** The position before a frame, or before the first frame of its record. */
    public Position positionBefore(int frame) {
        long[] next = start.next().clone();
        int end = frame;
        while (end > 0 && end < count && isOfSameRecord(end - 1, end)) {
            end--;
        }
        for (int i = 0; i < end; i++) {
            next[index.partition[i]] = Math.max(next[index.partition[i]], index.offset[i] + 1);
        }
        return new Position(layout(), next);
    }

    private boolean isOfSameRecord(int frame, int other) {
        return index.partition[frame] == index.partition[other] && index.offset[frame] == index.offset[other];
    }

    /**
     * What is known of each frame. Its fields are final so that a reader that meets an index which has just replaced a
     * shorter one sees the copied entries (Java Language Specification 17.5).
     */
    private static final class Index {
        static final int BYTES_PER_FRAME = 3 * Integer.BYTES + 3 * Long.BYTES + NamedFrames.BYTES_PER_FRAME;

        final int[] body;
        final int[] end;
        final int[] partition;
        final long[] offset;
        final long[] timestamp;
        final EventName[] name;

        Index(int frames) {
            body = new int[frames];
            end = new int[frames];
            partition = new int[frames];
            offset = new long[frames];
            timestamp = new long[frames];
            name = new EventName[frames];
        }

        Index(Index shorter, int frames) {
            body = Arrays.copyOf(shorter.body, frames);
            end = Arrays.copyOf(shorter.end, frames);
            partition = Arrays.copyOf(shorter.partition, frames);
            offset = Arrays.copyOf(shorter.offset, frames);
            timestamp = Arrays.copyOf(shorter.timestamp, frames);
            name = Arrays.copyOf(shorter.name, frames);
        }
    }
}
