package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.PositionCodec;

/**
 * One client's place in a feed.
 *
 * <p>A cursor that has passed what the window has passed needs nothing but a sequence number, and takes the shared
 * bytes. One that joined with a position of its own, ahead of the window in some partitions, passes over what it has
 * seen already and makes its own id lines ({@link OwnPosition}) until the window has come up to it.
 *
 * <p>Loss: when the window has moved on past the cursor, {@link #next} says so and nothing has been skipped.
 *
 * <p>Threads: not safe; it belongs to whoever holds the client, one thread at a time.
 */
public final class Cursor {
    /** Says that a follower is to look at everything from where it is. */
    static final long NO_SKIP = -1;

    /** What a cursor has. */
    public enum Next {
        /** Bytes to be written. */
        FRAMES,
        /** Nothing for now. */
        NOTHING,
        /** The window has moved on past the cursor. */
        BEHIND
    }

    private final Window window;
    private final FilterViews views;
    private final View view;
    private final Follower follower;
    private OwnPosition own;
    private long segmentNumber;
    private long sequence;

    /** The sequence after the last frame that the client has the id of, or of which a later id tells. */
    private long toldSequence;

    /** A cursor at the end of the window. */
    Cursor(Window window, FilterViews views, View view, Follower follower) {
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
    public Next next(Slice into, int maxBytes) {
        Window.End end = window.end();
        while (sequence < end.sequence()) {
            Segment segment = window.segment(segmentNumber);
            if (segment == null) {
                return Next.BEHIND;
            }
            int frame = (int) (sequence - segment.firstSequence);
            if (frame >= segment.count()) {
                if (!enterSegment(segmentNumber + 1)) {
                    return Next.BEHIND;
                }
                continue;
            }
            int limit = (int) Math.min(segment.count(), end.sequence() - segment.firstSequence);
            boolean found = own == null
                    ? nextShared(segment, frame, limit, into, maxBytes)
                    : nextOwn(segment, frame, limit, into, maxBytes);
            if (found) {
                return Next.FRAMES;
            }
        }
        settle(end);
        return Next.NOTHING;
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
        while (frame < limit && !view.matches(segment.name(frame))) {
            frame++;
        }
        if (frame == limit) {
            sequence = segment.firstSequence + limit;
            return false;
        }
        if (idIsOnDroppedFrame(segment, frame, limit)) {
            int last = segment.lastOfRecord(frame, limit);
            takeWithIdOf(segment, frame, last, into);
            sequence = segment.firstSequence + last + 1;
            toldSequence = sequence;
            return true;
        }
        int start = segment.start(frame);
        int end = segment.end(frame);
        frame++;
        while (frame < limit && segment.end(frame) - start <= maxBytes) {
            EventName name = segment.name(frame);
            if (name != EventName.NONE && (!view.matches(name) || idIsOnDroppedFrame(segment, frame, limit))) {
                break;
            }
            end = segment.end(frame);
            frame++;
        }
        into.set(segment.bytes, start, end - start);
        sequence = segment.firstSequence + frame;
        toldSequence = sequence;
        return true;
    }

    /** Whether a frame is followed by others of its record, all of which the filter drops, the one with the id too. */
    private boolean idIsOnDroppedFrame(Segment segment, int frame, int limit) {
        int last = segment.lastOfRecord(frame, limit);
        for (int following = frame + 1; following <= last; following++) {
            if (view.matches(segment.name(following))) {
                return false;
            }
        }
        return last > frame;
    }

    private static void takeWithIdOf(Segment segment, int frame, int last, Slice into) {
        int idLength = segment.body(last) - segment.start(last);
        int bodyLength = segment.end(frame) - segment.body(frame);
        byte[] bytes = new byte[idLength + bodyLength];
        System.arraycopy(segment.bytes, segment.start(last), bytes, 0, idLength);
        System.arraycopy(segment.bytes, segment.body(frame), bytes, idLength, bodyLength);
        into.set(bytes, 0, bytes.length);
    }

    private boolean nextOwn(Segment segment, int from, int limit, Slice into, int maxBytes) {
        int frame = own.take(segment, from, limit, view, maxBytes);
        sequence = segment.firstSequence + frame;
        byte[] bytes = own.takenBytes();
        into.set(bytes, 0, bytes.length);
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
    public boolean hasNext() {
        long end = window.end().sequence();
        return sequence < end && (own != null || sequence < view.accountedFrom || view.lastMatch > sequence);
    }

    /** Passes over what the tail knows not to be for this client: all before the first match it was woken for. */
    public void skipTo(long firstMatch) {
        if (own == null && firstMatch > sequence && sequence >= view.accountedFrom) {
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
    public boolean passDropped() {
        Window.End end = window.end();
        if (own == null && sequence >= view.accountedFrom && view.lastMatch <= sequence && sequence < end.sequence()) {
            sequence = end.sequence();
            segmentNumber = end.newestSegment();
        }
        return sequence > toldSequence;
    }

    /**
     * The event id of the cursor's position: everything before it has been taken or dropped by the filter.
     *
     * @return the id, or {@code null} if the window has moved on past the cursor and cannot tell any more
     */
    public byte[] tellPosition() {
        Window.End end = window.end();
        byte[] id;
        if (own != null) {
            id = own.id();
        } else if (sequence == end.sequence()) {
            id = PositionCodec.encode(end.layout(), end.position());
        } else {
            Segment segment = window.segment(segmentNumber);
            if (segment == null) {
                return null;
            }
            id = PositionCodec.encode(segment.layout, segment.positionBefore((int) (sequence - segment.firstSequence)));
        }
        toldSequence = sequence;
        return id;
    }

    /** Leaves the feed: the follower is not woken any more. */
    public void close() {
        views.leave(view, follower);
    }
}
