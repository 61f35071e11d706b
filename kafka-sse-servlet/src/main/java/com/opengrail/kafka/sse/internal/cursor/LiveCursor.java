package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.gzip.CompressedRun;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.match.FilterGroup;
import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.match.Selection;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.Segment;
import com.opengrail.kafka.sse.internal.window.Window;

/**
 * A cursor inside the window: the sequence of the next frame.
 *
 * <p>Loss: if the window has dropped that frame, {@link #next} says so and {@link #position} is still known. During a
 * write to its client, the cursor keeps its segment. At rest it keeps only a position. So a client that takes nothing
 * does not keep a segment in memory.
 *
 * <p>Threads: not safe; belongs to its {@link Cursor}.
 */
final class LiveCursor extends FrameCursor {
    private final Window window;
    private final FilterGroups groups;
    private final FilterGroup group;

    /** What the window held before this sequence when the client came is not live for it. */
    private final long liveFrom;

    /** In a partition in which the window has yet to start, the client does so where the window does. */
    private boolean startsWithWindow = true;

    private long sequence;

    /** At rest: nothing between this position and the sequence is for the client. */
    private Position rest;

    /** A cursor at the end of the window. */
    LiveCursor(Window window, FilterGroups groups, Subscriber client, FilterGroup group, boolean positionUnsent) {
        super(client, Selection.of(group, client.predicate()), positionUnsent);
        this.window = window;
        this.groups = groups;
        this.group = group;
        restAt(window.end());
        this.liveFrom = sequence;
    }

    private void restAt(Window.End end) {
        sequence = end.sequence();
        rest = end.position();
        letGo();
    }

    /**
     * Moves the cursor to a segment's start, with a position of its own from there on.
     *
     * @param withWindow true if the client starts in a partition where the window does, if that has yet to
     */
    void startIn(Segment first, Position position, boolean withWindow) {
        startsWithWindow = withWindow;
        sequence = first.firstSequence();
        rest = position;
        moveTo(first, 0);
        groups.wakeOnEachPublication(client());
        startOwn(new OwnPosition(first, position));
        shareIfReached(window.end());
        park();
    }

    @Override
    boolean next(Slice into, Turn turn) {
        Window.End end = window.end();
        skipToMatch(end);
        while (sequence < end.sequence()) {
            if (turn.isOver()) {
                return true;
            }
            if (!find(end)) {
                return false;
            }
            if (sequence < segment().firstSequence() || !isShared() && !own().isIn(segment())) {
                if (isElsewhere()) {
                    return false;
                }
                sequence = segment().firstSequence();
                enterSegment(into);
                if (into.length() > 0) {
                    return true;
                }
            }
            if (walkSegment(end, into, turn)) {
                return true;
            }
        }
        shareIfReached(end);
        park();
        return true;
    }

    /**
     * True if the window starts in partitions with the present segment, and the client is elsewhere in them. The cursor is at
     * rest then, before the boundary.
     */
    private boolean isElsewhere() {
        Segment in = segment();
        if (startsWithWindow || in.started().isEmpty()) {
            return false;
        }
        if (!isShared()) {
            return own().differsFrom(in, in.started());
        }
        Position before = in.beforeStarted();
        boolean isElsewhere = !before.equals(in.start());
        if (isElsewhere) {
            rest = before;
            letGo();
        }
        return isElsewhere;
    }

    /** Skips what the tail knows not to be for this client, if it still knows. */
    private void skipToMatch(Window.End end) {
        long match = nextMatch(end);
        boolean isAhead = !passToEnd(end, match) && match > sequence;
        Segment ofMatch = isAhead ? window.segmentOf(match) : null;
        if (ofMatch != null) {
            setPositionUnsent(true);
            sequence = match;
            moveTo(ofMatch, 0);
        }
    }

    /** The next frame that may be for the client, as far as the tail knows; the present one if it does not. */
    private long nextMatch(Window.End end) {
        boolean isKnown = isShared() && end.lastBoundary() <= sequence;
        return isKnown ? Math.max(sequence, group.firstMatchFrom(sequence)) : sequence;
    }

    /** Finds the segment of the sequence; false if the window has dropped it. */
    private boolean find(Window.End end) {
        Segment now = segment();
        boolean isPassed = now != null && now != end.newest() && sequence >= now.firstSequence() + now.count();
        if (now == null || isPassed) {
            Segment found = window.segmentOf(sequence);
            if (found == null) {
                return false;
            }
            moveTo(found, 0);
        }
        return true;
    }

    private boolean walkSegment(Window.End end, Slice into, Turn turn) {
        Segment in = segment();
        boolean isComplete = in != end.newest();
        int published = isComplete ? in.count() : (int) (end.sequence() - in.firstSequence());
        moveTo(in, (int) (sequence - in.firstSequence()));
        try {
            return walk(published, isComplete, into, turn);
        } finally {
            sequence = in.firstSequence() + frame();
        }
    }

    private void shareIfReached(Window.End end) {
        if (!isShared() && sequence >= end.sequence() && own().isReachedBy(end.position())) {
            // At rest there, before the window goes on: the rest that it had before was its own position's.
            boolean isTold = !end.isAhead() && own().position().equals(end.position());
            setPositionUnsent(isPositionUnsent() || !isTold);
            restAt(end);
            becomeShared();
        }
    }

    @Override
    void becomeShared() {
        super.becomeShared();
        groups.wakeOnMatches(client());
    }

    @Override
    boolean hasNext() {
        Window.End end = window.end();
        return nextMatch(end) < end.sequence();
    }

    @Override
    void park() {
        if (isShared() && !passToEnd() && segment() != null) {
            rest = position();
        }
        letGo();
    }

    @Override
    boolean passToEnd() {
        Window.End end = window.end();
        return passToEnd(end, nextMatch(end));
    }

    private boolean passToEnd(Window.End end, long match) {
        boolean passes = isShared() && match >= end.sequence();
        if (passes) {
            boolean isTold = sequence == end.sequence() && (!end.isAhead() || rest.equals(end.position()));
            setPositionUnsent(isPositionUnsent() || !isTold);
            restAt(end);
        }
        return passes;
    }

    @Override
    CompressedRun compressed() {
        Compressors compressors = client().compressors();
        return compressors == null ? null : segment().compressed(group.compressed(compressors, window.compressed()));
    }

    @Override
    long liveTimestamp() {
        boolean isLive = segment().firstSequence() + frame() >= liveFrom;
        return isLive ? segment().timestamp(frame()) : Slice.NO_TIMESTAMP;
    }

    @Override
    Position position() {
        if (!isShared()) {
            return own().position();
        }
        Window.End end = window.end();
        if (sequence == end.sequence()) {
            return end.position();
        }
        return segment() == null
                ? rest
                : segment().positionBefore((int) (sequence - segment().firstSequence()));
    }

    @Override
    void close() {
        groups.leave(group, client());
    }
}
