package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.gzip.CompressedRun;
import com.opengrail.kafka.sse.internal.match.PredicateFailure;
import com.opengrail.kafka.sse.internal.match.Selection;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.EventName;
import com.opengrail.kafka.sse.internal.window.Segment;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import java.util.List;

/**
 * Walks the frames of segments for one client, in the window or in batches read from Kafka. If the client is at the
 * position of the frames, it takes their bytes from the segment without a copy. One that is ahead in some partitions
 * ({@link OwnPosition}) skips what it has seen and makes its own id lines.
 *
 * <p>Limits: a step ends when it has the most bytes of one write, or when the turn is over. It never ends between the
 * events of one record.
 *
 * <p>Threads: not safe; belongs to its {@link Cursor}.
 */
abstract class FrameCursor {
    private final Subscriber client;
    private final Selection selection;

    /** The position of a client that is ahead of the frames, else {@code null}. */
    private OwnPosition own;

    /** The segment that the cursor is in, or {@code null} at rest. */
    private Segment segment;

    private int frame;

    /** True if the client has passed offsets, with records or without, and no id has told it so. */
    private boolean positionUnsent;

    FrameCursor(Subscriber client, Selection selection, boolean positionUnsent) {
        this.client = client;
        this.selection = selection;
        this.positionUnsent = positionUnsent;
    }

    final Subscriber client() {
        return client;
    }

    final Segment segment() {
        return segment;
    }

    final int frame() {
        return frame;
    }

    /** Moves to the place before a frame of a segment. */
    final void moveTo(Segment at, int before) {
        segment = at;
        frame = before;
    }

    final void letGo() {
        segment = null;
        selection.forget();
    }

    final boolean isShared() {
        return own == null;
    }

    /** The position of a client that is not shared. */
    final OwnPosition own() {
        return own;
    }

    final void startOwn(OwnPosition position) {
        own = position;
        if (position.isReached()) {
            becomeShared();
        }
    }

    /** The frames have reached the client's position. */
    void becomeShared() {
        own = null;
    }

    final boolean isPositionUnsent() {
        return positionUnsent;
    }

    /** The client has passed records without an id, or an id has told it the position. */
    final void setPositionUnsent(boolean is) {
        positionUnsent = is;
    }

    /**
     * Takes the next bytes for the client, if there are any for now.
     *
     * @return false if the cursor cannot continue here: the window has moved on, or the batch is finished
     */
    abstract boolean next(Slice into, Turn turn);

    /** True if there is something for the client that the cursor has not passed. */
    abstract boolean hasNext();

    /** Passes what the filter drops up to the end of the window, if all of it is dropped. False if it is not. */
    boolean passToEnd() {
        return false;
    }

    /** The client is not written to for now. */
    abstract void park();

    /** The client has left, or is elsewhere. */
    abstract void close();

    int maxBytes(Turn turn) {
        return turn.maxBytes();
    }

    /** Where the frames of the present segment may have been compressed for others, or {@code null}. */
    abstract CompressedRun compressed();

    /** The timestamp of the present frame's record if the client waited for it to come; else negative. */
    abstract long liveTimestamp();

    /** The position: everything before it has been taken, or dropped by the filter. */
    abstract Position position();

    /** Enters the segment at its boundary, and takes the gaps there that concern the client. */
    final void enterSegment(Slice into) {
        List<Gap> gaps = segment.gaps();
        Position after = segment.start();
        if (own != null) {
            gaps = own.enter(segment);
            after = own.position();
            if (own.isReached()) {
                becomeShared();
            }
        }
        takeGaps(gaps, after, into);
    }

    final void takeGaps(List<Gap> gaps, Position after, Slice into) {
        if (!gaps.isEmpty()) {
            FrameBuffer events = new FrameBuffer();
            GapEvents.append(gaps, after, events);
            into.set(events, gaps.size());
            positionUnsent = false;
        }
    }

    /**
     * Takes what is for the client, from the present frame up to a limit.
     *
     * @param isComplete true if nothing is appended to the segment any more
     * @return true if there is anything
     * @throws PredicateFailure if the application's predicate failed; the cursor stands before that record
     */
    final boolean walk(int limit, boolean isComplete, Slice into, Turn turn) {
        selection.enter(segment, isComplete);
        OwnPosition ownBefore = own == null || selection.takesEverything() ? own : own.copy();
        int first = frame;
        if (own != null) {
            walkOwn(limit, into, turn);
        }
        if (own == null && into.length() == 0) {
            walkShared(limit, into, turn);
        }
        if (into.length() > 0 && turn.hasJudged() && client.isEndDue()) {
            // The stream's end came while something took long. The cursor stays before the events, which are not
            // written.
            own = ownBefore;
            frame = first;
            into.clear();
            turn.stop();
        }
        return into.length() > 0;
    }

    private void walkShared(int limit, Slice into, Turn turn) {
        skipTo(Math.min(limit, selection.candidate(frame)));
        while (frame < limit && into.length() == 0 && !turn.isOver()) {
            int last = segment.lastOfRecord(frame, limit);
            int matches = selection.judge(segment, frame, last, turn);
            if (matches == Selection.UNKNOWN) {
                return;
            }
            if (matches == 0) {
                skipTo(Math.min(limit, selection.candidate(last + 1)));
            } else if (matches > last - frame) {
                takeRun(limit, into, turn);
            } else {
                takeRecord(last, into);
            }
        }
    }

    private void skipTo(int next) {
        positionUnsent |= next > frame;
        frame = next;
    }

    /** Takes records of which the client gets all events, as they lie in the segment. */
    private void takeRun(int limit, Slice into, Turn turn) {
        int start = segment.start(frame);
        int next = frame;
        int events = 0;
        boolean isEmpty = false;
        do {
            int last = segment.lastOfRecord(next, limit);
            events += isEmpty ? 0 : last + 1 - next;
            next = last + 1;
            positionUnsent = isEmpty;
            isEmpty = next < limit && segment.name(next) == EventName.NONE;
        } while (next < limit && fits(next, limit, start, turn) && (isEmpty || isWhole(next, limit, turn)));
        into.set(segment.bytes(), start, segment.end(next - 1) - start, events);
        into.liveSince(liveTimestamp());
        // With a predicate, others of the group get other records.
        into.share(selection.isOfGroup() ? compressed() : null);
        frame = next;
    }

    private boolean fits(int next, int limit, int start, Turn turn) {
        return segment.end(segment.lastOfRecord(next, limit)) - start <= maxBytes(turn);
    }

    /** True if the client gets all of a record's events. */
    private boolean isWhole(int first, int limit, Turn turn) {
        if (selection.takesEverything()) {
            return true;
        }
        int last = segment.lastOfRecord(first, limit);
        return !turn.isOver() && judge(first, last, true, turn) > last - first;
    }

    /** Takes those events of a record that pass, the last of them with the id. */
    private void takeRecord(int last, Slice into) {
        FrameBuffer record = new FrameBuffer();
        into.set(record, selection.take(segment, frame, last, null, record));
        into.liveSince(liveTimestamp());
        frame = last + 1;
        positionUnsent = false;
    }

    private void walkOwn(int limit, Slice into, Turn turn) {
        FrameBuffer taken = null;
        int events = 0;
        long timestamp = Slice.NO_TIMESTAMP;
        int candidate = selection.candidate(frame);
        while (frame < limit && own != null && !turn.isOver() && (taken == null || taken.length() < maxBytes(turn))) {
            int last = segment.lastOfRecord(frame, limit);
            if (!own.hasSeen(segment.partition(frame), segment.offset(frame))) {
                int matches = candidate > last ? 0 : judge(frame, last, taken != null, turn);
                if (matches == Selection.UNKNOWN) {
                    break;
                }
                own.passed(segment.partition(frame), segment.offset(frame));
                positionUnsent = matches == 0;
                if (matches > 0) {
                    timestamp = taken == null ? liveTimestamp() : timestamp;
                    taken = taken == null ? new FrameBuffer() : taken;
                    events +=
                            selection.take(segment, frame, last, own.position().id(), taken);
                }
            }
            own.reached(segment.partition(frame), segment.offset(frame) + 1);
            frame = last + 1;
            candidate = candidate < frame ? selection.candidate(frame) : candidate;
            if (own.isReached()) {
                becomeShared();
            }
        }
        if (taken != null) {
            into.set(taken, events);
            into.liveSince(timestamp);
        }
    }

    /**
     * Counts what of a record is for the client; {@link Selection#UNKNOWN} if the turn does not suffice, or if the predicate
     * fails and what precedes the record is taken first.
     */
    private int judge(int first, int last, boolean isAnyTaken, Turn turn) {
        try {
            return selection.judge(segment, first, last, turn);
        } catch (PredicateFailure e) {
            if (!isAnyTaken) {
                throw e;
            }
            // It is thrown again when the record is next.
            return Selection.UNKNOWN;
        }
    }
}
