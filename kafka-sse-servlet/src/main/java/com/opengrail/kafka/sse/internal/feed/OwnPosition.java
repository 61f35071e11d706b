package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;

/**
 * The position of a client that is ahead of the window in some partitions, partition by partition: what it has seen
 * already is passed over, and its ids are its own.
 *
 * <p>Threads: not safe; belongs to its cursor.
 */
final class OwnPosition {
    private static final byte[] NO_BYTES = {};

    private Layout layout;
    private long[] next;
    private boolean[] ahead;
    private int aheadCount;
    private FrameBuffer taken;
    private int takenEvents;
    private boolean untold;

    /** Whether the client is yet to be told why some partitions start over. */
    private boolean gapDue;

    OwnPosition(Segment segment, long[] position, boolean told) {
        untold = !told;
        layout = segment.layout;
        next = position.clone();
        compareWith(segment.start);
    }

    /** Whether the window has come up to the position in every partition. */
    boolean isShared() {
        return aheadCount == 0;
    }

    /** Whether the window's position at its end is at or past this one, in every partition. */
    boolean isReachedBy(long[] position, Layout ofPosition) {
        if (ofPosition != layout) {
            return false;
        }
        for (int i = 0; i < next.length; i++) {
            if (position[i] < next[i]) {
                return false;
            }
        }
        return true;
    }

    /** Goes on in the following segment. */
    void enter(Segment segment) {
        next = segment.layout.rearrange(next, layout, segment.start);
        layout = segment.layout;
        segment.restarted.stream().forEach(i -> next[i] = segment.start[i]);
        gapDue = !segment.restarted.isEmpty();
        compareWith(segment.start);
    }

    private void compareWith(long[] windowNext) {
        ahead = new boolean[next.length];
        aheadCount = 0;
        for (int i = 0; i < next.length; i++) {
            ahead[i] = next[i] > windowNext[i];
            aheadCount += ahead[i] ? 1 : 0;
        }
    }

    /**
     * Takes frames of a segment until there are enough bytes, or the window has come up to this position.
     *
     * @return the frame that follows
     */
    int take(Segment segment, int from, int limit, Selection selection, int maxBytes) {
        int frame = from;
        taken = null;
        takenEvents = 0;
        int candidate = selection.candidate(frame);
        while (frame < limit && !isShared() && (taken == null || taken.length() < maxBytes)) {
            int last = segment.lastOfRecord(frame, limit);
            int partition = segment.partition(frame);
            boolean isGapDue = gapDue && segment.name(frame) == EventName.GAP;
            if (segment.offset(frame) >= next[partition] || isGapDue) {
                int matches = candidate > last ? 0 : judge(segment, frame, last, selection);
                if (matches < 0) {
                    return frame;
                }
                gapDue &= !isGapDue;
                next[partition] = Math.max(next[partition], segment.offset(frame) + 1);
                untold = true;
                if (matches > 0) {
                    takeRecord(segment, frame, last, selection);
                }
            }
            reached(partition, segment.offset(frame) + 1);
            frame = last + 1;
            candidate = candidate < frame ? selection.candidate(frame) : candidate;
        }
        return frame;
    }

    /** Counts what of a record is for the client; -1 where that is not known, and what precedes it is taken first. */
    private int judge(Segment segment, int first, int last, Selection selection) {
        try {
            return selection.judge(segment, first, last);
        } catch (WantedFailure e) {
            if (taken == null) {
                throw e;
            }
            // It is thrown again when the record is next.
            return -1;
        }
    }

    private void takeRecord(Segment segment, int first, int last, Selection selection) {
        if (taken == null) {
            taken = new FrameBuffer();
        }
        takenEvents += selection.take(segment, first, last, id(), taken);
        untold = false;
    }

    private void reached(int partition, long windowNext) {
        if (ahead[partition] && windowNext >= next[partition]) {
            ahead[partition] = false;
            aheadCount--;
        }
    }

    byte[] takenBytes() {
        return taken == null ? NO_BYTES : taken.toByteArray();
    }

    int takenEvents() {
        return takenEvents;
    }

    /** Whether records have been dropped by the filter since the last id. */
    boolean hasUntold() {
        return untold;
    }

    Place place() {
        return new Place(layout, next.clone());
    }

    private byte[] id() {
        return PositionCodec.encode(layout, next);
    }
}
