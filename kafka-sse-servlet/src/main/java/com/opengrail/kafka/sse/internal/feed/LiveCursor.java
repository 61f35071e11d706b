package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;

/**
 * A client's place inside the window.
 *
 * <p>A cursor that has passed what the window has passed needs nothing but a sequence number, and takes the shared
 * bytes. One that joined with a position of its own, ahead of the window in some partitions, passes over what it has
 * seen already and makes its own id lines ({@link OwnPosition}) until the window has come up to it.
 *
 * <p>Loss: when the window has moved on past the cursor, {@link #next} says so and nothing has been skipped.
 *
 * <p>Threads: not safe; it belongs to its {@link Cursor}.
 */
final class LiveCursor {
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
    private OwnPosition own;
    private long segmentNumber;
    private long sequence;

    /** The position at a sequence, kept while the window might move on past it, and the layout it is of. */
    private long[] parked;

    private long parkedSequence = -1;
    private Layout parkedLayout;

    /** The sequence after the last frame that the client has the id of, or of which a later id tells. */
    private long toldSequence;

    /** A cursor at the end of the window. */
    LiveCursor(Window window, FilterViews views, View view, Follower follower) {
        this.window = window;
        this.views = views;
        this.view = view;
        this.follower = follower;
        Window.End end = window.end();
        segmentNumber = end.newestSegment();
        sequence = end.sequence();
        toldSequence = sequence;
    }

    /** Puts the cursor at a segment's start, with a position of its own from there on. */
    void startIn(Segment segment, long[] position) {
        segmentNumber = segment.number;
        sequence = segment.firstSequence;
        toldSequence = sequence;
        own = new OwnPosition(segment, position);
        views.unsettled(follower);
        if (own.isShared()) {
            becomeShared();
        }
        settle(window.end());
    }

    /** Finds the next bytes for the client. */
    Cursor.Next next(Slice into, int maxBytes) {
        Window.End end = window.end();
        while (sequence < end.sequence()) {
            Segment segment = window.segment(segmentNumber);
            if (segment == null) {
                return Cursor.Next.BEHIND;
            }
            int frame = (int) (sequence - segment.firstSequence);
            if (frame >= segment.count()) {
                if (!enterSegment(segmentNumber + 1)) {
                    return Cursor.Next.BEHIND;
                }
                continue;
            }
            int limit = (int) Math.min(segment.count(), end.sequence() - segment.firstSequence);
            boolean found = own == null
                    ? nextShared(segment, frame, limit, into, maxBytes)
                    : nextOwn(segment, frame, limit, into, maxBytes);
            if (found) {
                return Cursor.Next.FRAMES;
            }
        }
        settle(end);
        return Cursor.Next.NOTHING;
    }

    private boolean enterSegment(long number) {
        segmentNumber = number;
        Segment segment = window.segment(number);
        if (segment == null || own == null) {
            return segment != null;
        }
        own.enter(segment);
        if (own.isShared()) {
            becomeShared();
        }
        return true;
    }

    private boolean nextShared(Segment segment, int from, int limit, Slice into, int maxBytes) {
        int frame = from;
        Taken taken = Taken.NONE;
        while (frame < limit && taken == Taken.NONE) {
            int last = segment.lastOfRecord(frame, limit);
            taken = ofRecord(segment, frame, last);
            if (taken == Taken.SOME) {
                takeRecord(segment, frame, last, into);
                frame = last + 1;
            } else if (taken == Taken.ALL) {
                frame = takeRun(segment, frame, limit, into, maxBytes);
            } else {
                frame = last + 1;
            }
        }
        sequence = segment.firstSequence + frame;
        if (taken != Taken.NONE) {
            toldSequence = sequence;
        }
        return taken != Taken.NONE;
    }

    /** How many of a record's events pass the filter. A cursor never rests in between the events of one record. */
    private Taken ofRecord(Segment segment, int first, int last) {
        int matches = 0;
        for (int frame = first; frame <= last; frame++) {
            matches += view.matches(segment.name(frame)) ? 1 : 0;
        }
        if (matches == 0) {
            return Taken.NONE;
        }
        return matches > last - first ? Taken.ALL : Taken.SOME;
    }

    /** Takes records of which the client gets all events, as they lie in the segment. */
    private int takeRun(Segment segment, int from, int limit, Slice into, int maxBytes) {
        int start = segment.start(from);
        int frame = segment.lastOfRecord(from, limit) + 1;
        int end = segment.end(frame - 1);
        int events = frame - from;
        while (frame < limit) {
            int last = segment.lastOfRecord(frame, limit);
            boolean isEmpty = segment.name(frame) == EventName.NONE;
            if (segment.end(last) - start > maxBytes || !isEmpty && ofRecord(segment, frame, last) != Taken.ALL) {
                break;
            }
            end = segment.end(last);
            events += isEmpty ? 0 : last + 1 - frame;
            frame = last + 1;
        }
        into.set(segment.bytes, start, end - start, events);
        return frame;
    }

    /** Takes those events of a record that pass, the last of them with the id, which is on one that may not. */
    private void takeRecord(Segment segment, int first, int last, Slice into) {
        FrameBuffer record = new FrameBuffer();
        int events = 0;
        int lastMatch = last;
        while (!view.matches(segment.name(lastMatch))) {
            lastMatch--;
        }
        for (int frame = first; frame <= lastMatch; frame++) {
            if (frame == lastMatch) {
                record.append(segment.bytes, segment.start(last), segment.body(last) - segment.start(last));
            }
            if (view.matches(segment.name(frame))) {
                record.append(segment.bytes, segment.body(frame), segment.end(frame) - segment.body(frame));
                events++;
            }
        }
        into.set(record.array(), 0, record.length(), events);
    }

    private boolean nextOwn(Segment segment, int from, int limit, Slice into, int maxBytes) {
        int frame = own.take(segment, from, limit, view, maxBytes);
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
            Segment segment = window.segmentOf(firstMatch);
            if (segment != null) {
                segmentNumber = segment.number;
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
        Window.End end = window.end();
        if (own == null && sequence >= view.accountedFrom && view.lastMatch <= sequence && sequence < end.sequence()) {
            sequence = end.sequence();
            segmentNumber = end.newestSegment();
        }
        return sequence > toldSequence;
    }

    /** Remembers the position: the client has stopped taking bytes, and the window moves on. */
    void park() {
        Segment segment = own == null ? window.segment(segmentNumber) : null;
        if (segment != null && sequence - segment.firstSequence <= segment.count()) {
            parked = segment.positionBefore((int) (sequence - segment.firstSequence));
            parkedLayout = segment.layout;
            parkedSequence = sequence;
        }
    }

    /** The cursor's position: everything before it has been taken, or dropped by the filter. */
    Place place() {
        Window.End end = window.end();
        if (own != null) {
            return own.place();
        }
        if (sequence == end.sequence()) {
            return new Place(end.layout(), end.position());
        }
        if (sequence == parkedSequence) {
            return new Place(parkedLayout, parked);
        }
        Segment segment = window.segment(segmentNumber);
        return segment == null
                ? null
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
