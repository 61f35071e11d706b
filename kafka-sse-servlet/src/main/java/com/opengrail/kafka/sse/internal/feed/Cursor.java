package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import java.util.List;

/**
 * One client's place in a feed: inside the window, or behind it and then served from Kafka until the window holds all
 * that the client has not seen.
 *
 * <p>Loss: none but what a gap event tells. A cursor that the window left behind is served from Kafka from there on.
 *
 * <p>Threads: not safe; it belongs to whoever holds the client, one thread at a time. {@link #close} from anywhere.
 */
public final class Cursor {
    /** Says that a follower is to look at everything from where it is. */
    static final long NO_SKIP = -1;

    private final CursorOpener feed;
    private final EventFilter filter;
    private final Follower follower;

    /** The holder's: one of the two is there. */
    private volatile LiveCursor live;

    private volatile Replay replay;

    /** What the client is to be told first, until it is. */
    private List<Resumption.Lost> lost;

    /** The position after what has been taken of the replay. */
    private Place replayed;

    private boolean toldReplayed;
    private volatile boolean closed;

    Cursor(CursorOpener feed, EventFilter filter, Follower follower) {
        this.feed = feed;
        this.filter = filter;
        this.follower = follower;
    }

    /** Starts at the end of the window. */
    void startAtEnd() {
        live = joinWindow();
    }

    /** Starts at a position, in the window or behind it, after gaps that the client is to be told of. */
    void startAt(Place place, List<Resumption.Lost> gaps) {
        lost = gaps;
        if (!goLive(place, true)) {
            startReplay(place, false);
        }
    }

    private LiveCursor joinWindow() {
        return new LiveCursor(feed.window(), feed.views(), feed.views().join(filter, follower), follower);
    }

    private boolean goLive(Place place, boolean told) {
        Window window = feed.window();
        Window.End end = window.end();
        if (!end.layout().includes(place.layout())) {
            return false;
        }
        Place now = place.in(end.layout());
        if (window.segmentBefore(now.next(), now.layout()) == null) {
            return false;
        }
        LiveCursor candidate = joinWindow();
        Segment segment = window.segmentBefore(now.next(), now.layout());
        if (segment == null) {
            candidate.close();
            return false;
        }
        candidate.startIn(segment, now.next(), told);
        live = candidate;
        replay = null;
        if (closed) {
            candidate.close();
        }
        return true;
    }

    private void startReplay(Place place, boolean told) {
        replayed = place;
        toldReplayed = told;
        Replay asked = new Replay(place, filter, follower, feed.topics());
        replay = asked;
        if (closed) {
            asked.abandon();
        }
        feed.replays().serve(asked);
    }

    /**
     * Appends what the client is to be told before anything else: the gaps between where it asked to start and where it does.
     *
     * @return their number
     */
    public int takeGaps(FrameBuffer into) {
        List<Resumption.Lost> untold = lost == null ? List.of() : lost;
        lost = null;
        for (Resumption.Lost each : untold) {
            into.id(each.id())
                    .event(EventName.GAP.text.getBytes(UTF_8))
                    .data(each.gap().toJson().getBytes(UTF_8))
                    .end();
        }
        return untold.size();
    }

    /** Whether it is served from the window. */
    public boolean isLive() {
        return live != null;
    }

    /**
     * Finds the next bytes for the client.
     *
     * @return whether there are any for now
     * @throws WantedFailure if the application's code that says what the client wants has failed; the position is before
     *     the record at which it did
     */
    public boolean next(Slice into, int maxBytes) {
        return live != null ? nextLive(into, maxBytes) : nextReplayed(into, maxBytes);
    }

    private boolean nextLive(Slice into, int maxBytes) {
        LiveCursor.Next next = live.next(into, maxBytes);
        if (next == LiveCursor.Next.BEHIND) {
            fallBehind();
        }
        return next == LiveCursor.Next.FRAMES;
    }

    private void fallBehind() {
        Place place = live.place();
        boolean told = live.isTold();
        live.close();
        live = null;
        startReplay(place, told);
    }

    private boolean nextReplayed(Slice into, int maxBytes) {
        if (!replay.isReady()) {
            return false;
        }
        boolean dropped = replay.hasUntold();
        boolean taken = replay.take(into);
        replayed = replay.place();
        toldReplayed = !dropped && (toldReplayed || taken);
        if (taken) {
            return true;
        }
        if (replay.failure() != null) {
            throw replay.failure();
        }
        if (goLive(replayed, toldReplayed)) {
            return nextLive(into, maxBytes);
        }
        replay.ask();
        feed.replays().serve(replay);
        return false;
    }

    /** Whether there is something for the client that the cursor has not passed. */
    public boolean hasNext() {
        LiveCursor inWindow = live;
        Replay fromKafka = replay;
        return inWindow != null ? inWindow.hasNext() : fromKafka != null && fromKafka.isReady();
    }

    /** Passes over what the tail knows not to be for this client: all before the first match it was woken for. */
    public void skipTo(long firstMatch) {
        if (live != null) {
            live.skipTo(firstMatch);
        }
    }

    /**
     * Passes over what the filter drops up to the end of the window, if all of it is dropped.
     *
     * @return whether the client has been past records of which no id has told it
     */
    public boolean passDropped() {
        return live != null ? live.passDropped() : !toldReplayed;
    }

    /** The client is not written to for now: the window may move on past the cursor meanwhile. */
    public void park() {
        if (live != null) {
            live.park();
        }
    }

    /** The event id of the cursor's position: everything before it has been taken or dropped by the filter. */
    public byte[] tellPosition() {
        if (live == null) {
            toldReplayed = true;
            return replayed.id();
        }
        live.told();
        return live.place().id();
    }

    /** Leaves the feed: the follower is not woken any more. */
    public void close() {
        closed = true;
        LiveCursor inWindow = live;
        if (inWindow != null) {
            inWindow.close();
        }
        Replay fromKafka = replay;
        if (fromKafka != null) {
            fromKafka.abandon();
        }
    }
}
