package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.match.FilterGroup;
import com.opengrail.kafka.sse.internal.match.PredicateFailure;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.Segment;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;

/**
 * One client's place in a feed: live, which is inside the window, or replaying, which is behind it. A replaying client is fed
 * from Kafka until the window holds all that it has not seen.
 *
 * <p>Loss: the client misses no records except those that a gap event reports.
 *
 * <p>Threads: not safe; belongs to whoever holds the client, one thread at a time. {@link #isLive}, {@link #endOfWindow} and
 * {@link #close} from anywhere. A thread that has just let go of the client asks {@link #hasNext} too.
 */
public final class Cursor {
    private final CursorOpener opener;
    private final Subscriber client;

    /** Written by the holder of the client: a {@link LiveCursor} or a {@link ReplayCursor}. */
    private volatile FrameCursor current;

    /** Where the client starts after gaps, until it has been told of them. */
    private Resumption startAfterGaps;

    /** In a partition in which the window has yet to start, the client does so where the window does. */
    private boolean startsWithWindow = true;

    private volatile boolean closed;

    Cursor(CursorOpener opener, Subscriber client) {
        this.opener = opener;
        this.client = client;
    }

    void startAtEnd() {
        current = joinWindow(false);
    }

    /**
     * Starts at a position, in the window or behind it, after gaps.
     *
     * @param withWindow true if the client starts in a partition where the window does, if that has yet to
     */
    void start(Resumption resumption, boolean withWindow) {
        startAfterGaps = resumption.gaps().isEmpty() ? null : resumption;
        startsWithWindow = withWindow;
        if (!goLive(resumption.position(), false)) {
            startReplay(resumption.position(), false);
        }
    }

    private LiveCursor joinWindow(boolean positionUnsent) {
        FilterGroup group = opener.groups.join(client.filter(), client);
        return new LiveCursor(opener.window, opener.groups, client, group, positionUnsent);
    }

    private boolean goLive(Position position, boolean positionUnsent) {
        Window window = opener.window;
        Window.End end = window.end();
        if (!end.layout().includes(position.layout())) {
            return false;
        }
        Position now = position.in(end.layout());
        if (window.segmentBefore(now) == null) {
            return false;
        }
        LiveCursor candidate = joinWindow(positionUnsent);
        Segment segment = window.segmentBefore(now);
        if (segment == null) {
            candidate.close();
            return false;
        }
        candidate.startIn(segment, now, startsWithWindow);
        become(candidate);
        return true;
    }

    private void become(FrameCursor next) {
        FrameCursor before = current;
        current = next;
        if (before != null) {
            before.close();
        }
        if (closed) {
            next.close();
        }
    }

    private void startReplay(Position position, boolean positionUnsent) {
        ReplayCursor started = new ReplayCursor(position, opener, client, positionUnsent);
        become(started);
        started.ask();
    }

    /**
     * Appends what the client is to be told before anything else: the gaps between where it asked to start and where it does.
     *
     * @return their number
     */
    public int takeStartGaps(FrameBuffer into) {
        Resumption start = startAfterGaps;
        startAfterGaps = null;
        if (start == null) {
            return 0;
        }
        GapEvents.append(start.gaps(), start.position(), into);
        return start.gaps().size();
    }

    /** True if there are gaps at the start that have not been taken. */
    public boolean isAfterGaps() {
        return startAfterGaps != null;
    }

    public boolean isLive() {
        return current instanceof LiveCursor;
    }

    /**
     * Finds the next bytes for the client.
     *
     * @param into cleared; gets the bytes, if there are any for now
     * @throws PredicateFailure if the application's predicate failed; the position is before that record
     */
    public void next(Slice into, Turn turn) {
        while (!current.next(into, turn)) {
            moveOn();
            if (turn.isOver()) {
                return;
            }
        }
    }

    /** The window has moved on past the cursor, or a batch is finished. */
    private void moveOn() {
        if (!(current instanceof ReplayCursor replay)) {
            startReplay(current.position(), current.isPositionUnsent());
        } else if (!goLive(replay.position(), replay.isPositionUnsent())) {
            replay.ask();
        }
    }

    /** True if there is something for the client that the cursor has not passed. */
    public boolean hasNext() {
        return current.hasNext();
    }

    /**
     * Passes what the filter drops up to the end of the window, if all of it is dropped.
     *
     * @return true if the client has passed offsets, with records or without, and no id has told it so
     */
    public boolean passDropped() {
        current.passToEnd();
        return current.isPositionUnsent();
    }

    /** Nothing is written to the client for now. The window may move past the cursor meanwhile. */
    public void park() {
        current.park();
    }

    /** The position: everything before it has been taken or dropped by the filter. */
    public Position position() {
        return current.position();
    }

    /** The position up to which the feed has read. Any thread may ask. */
    public Position endOfWindow() {
        return opener.window.end().position();
    }

    /** The event id of the cursor's position. */
    public byte[] tellPosition() {
        current.setPositionUnsent(false);
        return position().id();
    }

    /** Leaves the feed: the client is not woken any more. */
    public void close() {
        closed = true;
        FrameCursor open = current;
        if (open != null) {
            open.close();
        }
    }
}
