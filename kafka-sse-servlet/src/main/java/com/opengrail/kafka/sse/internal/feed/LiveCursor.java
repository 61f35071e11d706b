package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.wire.FrameBuffer;

/**
 * A client's place inside the window.
 *
 * <p>A cursor that has passed what the window has passed needs nothing but a sequence number, and takes the shared
 * bytes. One that joined with a position of its own, ahead of the window in some partitions, passes over what it has
 * seen already and makes its own id lines ({@link OwnPosition}) until the window has come up to it.
 *
 * <p>Loss: when the window has moved on past the cursor, {@link #next} says so, nothing has been skipped and
 * {@link #place} is still known: while its client is written to, the cursor keeps the segment that it is in; at rest it
 * keeps a position alone, so that clients that take nothing keep no segment from being collected.
 *
 * <p>Threads: not safe; it belongs to its {@link Cursor}.
 */
final class LiveCursor {
    /** What a cursor has. */
    enum Next {
        /** Bytes to be written. */
        FRAMES,
        /** Nothing for now. */
        NOTHING,
        /** The window has moved on past the cursor. */
        BEHIND
    }

    /** How many of a record's events are for the client. */
    private enum Taken {
        NONE,
        SOME,
        ALL
    }

    private final Window window;
    private final FilterViews views;
    private final View view;
    private final Follower follower;
    private final Selection selection;
    private OwnPosition own;
    private long segmentNumber;
    private long sequence;

    /** The segment with that number, or null at rest. */
    private Segment segment;

    /** At rest: nothing between this place and the sequence is for the client. */
    private Place rest;

    /** The sequence after the last frame that the client has the id of, or of which a later id tells. */
    private long toldSequence;

    /** A cursor at the end of the window. */
    LiveCursor(Window window, FilterViews views, View view, Follower follower) {
        this.window = window;
        this.views = views;
        this.view = view;
        this.follower = follower;
        this.selection = Selection.of(view, Wanted.of(follower));
        restAt(window.end());
        toldSequence = sequence;
    }

    private void restAt(Window.End end) {
        segmentNumber = end.newestSegment();
        sequence = end.sequence();
        segment = null;
        rest = end.place();
    }

    /**
     * Puts the cursor at a segment's start, with a position of its own from there on.
     *
     * @param told whether the last id that the client has stands for the position
     */
    void startIn(Segment first, long[] position, boolean told) {
        segment = first;
        segmentNumber = first.number;
        sequence = first.firstSequence;
        toldSequence = told ? sequence : sequence - 1;
        own = new OwnPosition(first, position, told);
        views.unsettled(follower);
        if (own.isShared()) {
            becomeShared();
        }
        settle(window.end());
        park();
    }

    /** Finds the next bytes for the client. */
    Next next(Slice into, int maxBytes) {
        Window.End end = window.end();
        passToMatch(end);
        while (sequence < end.sequence()) {
            if (!hold()) {
                return Next.BEHIND;
            }
            int frame = (int) (sequence - segment.firstSequence);
            if (frame >= segment.count()) {
                if (!enterNextSegment()) {
                    return Next.BEHIND;
                }
                continue;
            }
            int limit = (int) Math.min(segment.count(), end.sequence() - segment.firstSequence);
            selection.enter(segment, segmentNumber < end.newestSegment());
            boolean found =
                    own == null ? nextShared(frame, limit, into, maxBytes) : nextOwn(frame, limit, into, maxBytes);
            if (found) {
                return Next.FRAMES;
            }
        }
        settle(end);
        park();
        return Next.NOTHING;
    }

    /** Passes over what the tail knows not to be for this client, if it still knows. */
    private void passToMatch(Window.End end) {
        long match = own == null && sequence < end.sequence() ? view.firstMatchFrom(sequence) : RecentMatches.FORGOTTEN;
        if (match >= end.sequence()) {
            restAt(end);
        } else if (match > sequence) {
            Segment ofMatch = window.segmentOf(match);
            if (ofMatch != null) {
                segment = ofMatch;
                segmentNumber = ofMatch.number;
                sequence = match;
            }
        }
    }

    /** Takes up where it rested, if that is still in the window. */
    private boolean hold() {
        if (segment == null) {
            segment = window.segment(segmentNumber);
        }
        return segment != null;
    }

    private boolean enterNextSegment() {
        Segment following = window.segment(segmentNumber + 1);
        if (following == null) {
            return false;
        }
        segment = following;
        segmentNumber = following.number;
        if (own != null) {
            own.enter(following);
            if (own.isShared()) {
                becomeShared();
            }
        }
        return true;
    }

    private boolean nextShared(int from, int limit, Slice into, int maxBytes) {
        int frame = selection.candidate(from);
        Taken taken = Taken.NONE;
        while (frame < limit && taken == Taken.NONE) {
            int last = segment.lastOfRecord(frame, limit);
            // Where it stands if the application's code fails at the record.
            sequence = segment.firstSequence + frame;
            taken = ofRecord(frame, last);
            if (taken == Taken.SOME) {
                takeRecord(frame, last, into);
                frame = last + 1;
            } else if (taken == Taken.ALL) {
                frame = takeRun(frame, limit, into, maxBytes);
            } else {
                frame = selection.candidate(last + 1);
            }
        }
        sequence = segment.firstSequence + frame;
        if (taken != Taken.NONE) {
            toldSequence = sequence;
        }
        return taken != Taken.NONE;
    }

    /** How many of a record's events are for the client. A cursor never rests in between the events of one record. */
    private Taken ofRecord(int first, int last) {
        int matches = selection.judge(segment, first, last);
        if (matches == 0) {
            return Taken.NONE;
        }
        return matches > last - first ? Taken.ALL : Taken.SOME;
    }

    /** Takes records of which the client gets all events, as they lie in the segment. */
    private int takeRun(int from, int limit, Slice into, int maxBytes) {
        int start = segment.start(from);
        int frame = segment.lastOfRecord(from, limit) + 1;
        int end = segment.end(frame - 1);
        int events = frame - from;
        while (frame < limit) {
            int last = segment.lastOfRecord(frame, limit);
            boolean isEmpty = segment.name(frame) == EventName.NONE;
            if (segment.end(last) - start > maxBytes || !isEmpty && !isWhole(frame, last)) {
                break;
            }
            end = segment.end(last);
            events += isEmpty ? 0 : last + 1 - frame;
            frame = last + 1;
        }
        into.set(segment.bytes, start, end - start, events);
        return frame;
    }

    /** Whether a client gets all of a record's events. Where that cannot be told, what precedes the record is taken first. */
    private boolean isWhole(int first, int last) {
        try {
            return ofRecord(first, last) == Taken.ALL;
        } catch (WantedFailure e) {
            // It is thrown again when the record is next.
            return false;
        }
    }

    /** Takes those events of a record that pass, the last of them with the id, which is on one that may not. */
    private void takeRecord(int first, int last, Slice into) {
        FrameBuffer record = new FrameBuffer();
        int events = selection.take(segment, first, last, null, record);
        into.set(record.array(), 0, record.length(), events);
    }

    private boolean nextOwn(int from, int limit, Slice into, int maxBytes) {
        int frame = own.take(segment, from, limit, selection, maxBytes);
        sequence = segment.firstSequence + frame;
        byte[] bytes = own.takenBytes();
        into.set(bytes, 0, bytes.length, own.takenEvents());
        if (!own.hasUntold()) {
            toldSequence = sequence;
        }
        if (own.isShared()) {
            becomeShared();
        }
        return bytes.length > 0;
    }

    private void settle(Window.End end) {
        if (own != null && sequence >= end.sequence() && own.isReachedBy(end.position(), end.layout())) {
            // At rest there, before the window goes on: the place that it had before was its own position's.
            restAt(end);
            becomeShared();
        }
    }

    private void becomeShared() {
        own = null;
        views.settled(follower);
    }

    /** Whether there is something for the client that the cursor has not passed. */
    boolean hasNext() {
        long end = window.end().sequence();
        return sequence < end && (own != null || sequence < view.accountedFrom || view.lastMatch > sequence);
    }

    /**
     * Passes over what the tail knows not to be for this client: all before the first match it was woken for, unless the
     * client went idle without having seen that there was an earlier one. Called by the tail.
     */
    void skipTo(long firstMatch) {
        if (own == null
                && firstMatch > sequence
                && sequence >= view.accountedFrom
                && sequence >= view.lastMatchBefore) {
            Segment ofMatch = window.segmentOf(firstMatch);
            if (ofMatch != null) {
                segmentNumber = ofMatch.number;
                sequence = firstMatch;
            }
        }
    }

    /**
     * Passes over what the filter drops up to the end of the window, if all of it is dropped.
     *
     * @return whether the client has been past records of which no id has told it
     */
    boolean passDropped() {
        if (own == null) {
            passToEnd();
        }
        return sequence > toldSequence;
    }

    /** The client is not written to for now. */
    void park() {
        if (own == null && !passToEnd() && segment != null) {
            rest = place();
        }
        segment = null;
        selection.forget();
    }

    /** Passes over what the filter drops up to the end of the window, if all of it is dropped. */
    private boolean passToEnd() {
        Window.End end = window.end();
        boolean passes = sequence == end.sequence() || sequence >= view.accountedFrom && view.lastMatch <= sequence;
        if (passes) {
            restAt(end);
        }
        return passes;
    }

    /** The cursor's position: everything before it has been taken, or dropped by the filter. */
    Place place() {
        if (own != null) {
            return own.place();
        }
        Window.End end = window.end();
        if (sequence == end.sequence()) {
            return end.place();
        }
        return segment == null
                ? rest
                : new Place(segment.layout, segment.positionBefore((int) (sequence - segment.firstSequence)));
    }

    /** Whether the last id that the client has stands for the position. */
    boolean isTold() {
        return sequence <= toldSequence;
    }

    /** The client has been told the position. */
    void told() {
        toldSequence = sequence;
    }

    /** Leaves the feed: the follower is not woken any more. */
    void close() {
        views.leave(view, follower);
    }
}
