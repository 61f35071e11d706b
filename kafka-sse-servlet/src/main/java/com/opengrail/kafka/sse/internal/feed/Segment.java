package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A run of frames that lie one behind the other in memory, so that a client that takes several takes them in one write.
 * Each frame is an id line and a body; of the several events of one record only the last has an id line, and a record
 * of which no event was made has a frame without bytes, so that the frames tell every position there was.
 *
 * <p>Threads: appended to by the tail; read by any thread up to the sequence published in {@link Window#end()}, which
 * orders the plain writes here before those reads. What has been published never changes.
 */
final class Segment {
    private static final int INITIAL_FRAMES = 32;

    final long number;
    final long firstSequence;
    final Layout layout;

    /** For each partition the next offset before the first frame. */
    final long[] start;

    /** The partitions whose offsets do not follow on those of the segment before: truncated ones, those of topics made anew. */
    final BitSet restarted;

    /** Replaced only where a segment grows, before anybody else sees it. */
    byte[] bytes;

    /** Written by the tail. */
    private Index index = new Index(INITIAL_FRAMES);

    private int count;
    private int events;
    private int length;
    private boolean severalPerRecord;

    /** Made by the first reader that asks; two who ask at once make the same twice. */
    private volatile NamedFrames byName;

    /** A segment of its own, which grows. */
    Segment(Layout layout, long[] start, int capacity) {
        this(null, layout, start, new BitSet(), capacity);
    }

    /** The segment that follows another one, or the first of a window where there is none. */
    Segment(Segment before, Layout layout, long[] start, BitSet restarted, int capacity) {
        this.number = before == null ? 0 : before.number + 1;
        this.firstSequence = before == null ? 0 : before.firstSequence + before.count;
        this.layout = layout;
        this.start = start;
        this.restarted = restarted;
        this.bytes = new byte[capacity];
    }

    boolean hasRoomFor(int moreBytes, int moreFrames, int maxFrames) {
        return length + moreBytes <= bytes.length && count + moreFrames <= maxFrames;
    }

    /**
     * Appends the frames of a record: those whose name is streamed, or one without bytes if there is none. Where there is no
     * room for it, the segment grows, if it has not been published yet.
     *
     * @param idLine of the position after the record, for its last event
     */
    void append(int partition, long offset, RecordFrames frames, EventName[] names, FrameBuffer idLine) {
        int last = frames.count() - 1;
        while (last >= 0 && names[last] == EventName.NONE) {
            last--;
        }
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
    }

    private void put(byte[] source, int from, int size) {
        if (length + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + size, 2 * bytes.length));
        }
        System.arraycopy(source, from, bytes, length, size);
        length += size;
    }

    /** Ends a frame whose body began at an index of the bytes. */
    private void endFrame(int body, int partition, long offset, EventName name) {
        if (count == index.end.length) {
            index = new Index(index, count * 2);
        }
        if (count > 0 && index.partition[count - 1] == partition && index.offset[count - 1] == offset) {
            severalPerRecord = true;
        }
        index.body[count] = body;
        index.end[count] = length;
        index.partition[count] = partition;
        index.offset[count] = offset;
        index.name[count] = name;
        events += name == EventName.NONE ? 0 : 1;
        count++;
    }

    int count() {
        return count;
    }

    /** The number of frames that are events. */
    int events() {
        return events;
    }

    int length() {
        return length;
    }

    /** What the segment occupies, in bytes. */
    long footprint() {
        return bytes.length + (long) Index.BYTES_PER_FRAME * index.end.length;
    }

    /** The frames by their names, of a segment to which nothing is appended any more. */
    NamedFrames byName() {
        NamedFrames made = byName;
        if (made == null) {
            made = new NamedFrames(this);
            byName = made;
        }
        return made;
    }

    int start(int frame) {
        return frame == 0 ? 0 : index.end[frame - 1];
    }

    int body(int frame) {
        return index.body[frame];
    }

    int end(int frame) {
        return index.end[frame];
    }

    int partition(int frame) {
        return index.partition[frame];
    }

    long offset(int frame) {
        return index.offset[frame];
    }

    EventName name(int frame) {
        return index.name[frame];
    }

    /** The last of the frames made of the same record as a frame; all of them are in the same segment. */
    int lastOfRecord(int frame, int limit) {
        int last = frame;
        if (severalPerRecord) {
            while (last + 1 < limit && isOfSameRecord(last + 1, frame)) {
                last++;
            }
        }
        return last;
    }

    /** For each partition the next offset before a frame; before the first frame of a record if it is another one. */
    long[] positionBefore(int frame) {
        long[] position = start.clone();
        int end = frame;
        while (end > 0 && end < count && isOfSameRecord(end - 1, end)) {
            end--;
        }
        advance(position, 0, end);
        return position;
    }

    /** Moves a position past frames, where it is not past them already. */
    void advance(long[] position, int from, int to) {
        for (int i = from; i < to; i++) {
            position[index.partition[i]] = Math.max(position[index.partition[i]], index.offset[i] + 1);
        }
    }

    private boolean isOfSameRecord(int frame, int other) {
        return index.partition[frame] == index.partition[other] && index.offset[frame] == index.offset[other];
    }

    /**
     * What is known of each frame. Its fields are final so that a reader that meets an index which has just replaced a
     * shorter one sees the copied entries (Java Language Specification 17.5).
     */
    private static final class Index {
        static final int BYTES_PER_FRAME = 3 * Integer.BYTES + 2 * Long.BYTES + NamedFrames.BYTES_PER_FRAME;

        final int[] body;
        final int[] end;
        final int[] partition;
        final long[] offset;
        final EventName[] name;

        Index(int frames) {
            body = new int[frames];
            end = new int[frames];
            partition = new int[frames];
            offset = new long[frames];
            name = new EventName[frames];
        }

        Index(Index shorter, int frames) {
            body = Arrays.copyOf(shorter.body, frames);
            end = Arrays.copyOf(shorter.end, frames);
            partition = Arrays.copyOf(shorter.partition, frames);
            offset = Arrays.copyOf(shorter.offset, frames);
            name = Arrays.copyOf(shorter.name, frames);
        }
    }
}
