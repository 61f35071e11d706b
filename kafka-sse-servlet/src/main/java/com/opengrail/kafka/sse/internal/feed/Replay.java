package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.BitSet;
import java.util.List;

/**
 * What a cursor behind the window is given from Kafka, one slice after the other. Its ids are its own.
 *
 * <p>It is asked for with {@link Replays#serve}, filled by a reader, and handed back with {@link #handOver}; the cursor
 * takes the slice and asks again only when all of it has been written, so that a slow client is waited for by Kafka.
 *
 * <p>Threads: belongs to the reader from {@code serve} to {@code handOver}, else to the cursor; the volatile
 * {@link #isReady} passes it on. {@link #abandon} from anywhere.
 */
public final class Replay implements Replays.Request {
    private final EventFilter filter;
    private final EventFilter streamed;
    private final Follower follower;
    private final TopicWatch topics;
    private final Wanted wanted;
    private Layout layout;
    private long[] next;
    private final RecordFrames gap = new RecordFrames();
    private final BitSet passing = new BitSet();
    private WantedFailure failure;
    private FrameBuffer slice = new FrameBuffer();
    private int events;
    private boolean untold;
    private volatile boolean ready;
    private volatile boolean abandoned;

    Replay(Place from, EventFilter filter, EventFilter streamed, Follower follower, TopicWatch topics) {
        this.topics = topics;
        this.layout = from.layout();
        this.next = from.next().clone();
        this.filter = filter;
        this.streamed = streamed;
        this.follower = follower;
        this.wanted = Wanted.of(follower);
    }

    @Override
    public Layout layout() {
        return layout;
    }

    /** The offset at which a partition is to be read on. */
    public long next(int partition) {
        return next[partition];
    }

    /** The number of events in the slice so far. */
    public int events() {
        return events;
    }

    @Override
    public boolean isAbandoned() {
        return abandoned;
    }

    void abandon() {
        abandoned = true;
    }

    /** Adds the events of a record, which follows on what was read of its partition. */
    public void append(int partition, long offset, RecordFrames frames) {
        if (failure != null || !judge(frames)) {
            return;
        }
        next[partition] = offset + 1;
        int last = passing.length() - 1;
        for (int i = 0; i < last; i++) {
            if (passing.get(i)) {
                append(frames, i);
            }
        }
        untold = last < 0;
        if (last >= 0) {
            slice.id(PositionCodec.encode(layout, next));
            append(frames, last);
        }
    }

    private void append(RecordFrames frames, int frame) {
        slice.append(frames.array(), frames.start(frame), frames.length(frame));
        events++;
    }

    /** Finds out which events of a record are for the client; where that fails, the replay ends before the record. */
    private boolean judge(RecordFrames frames) {
        passing.clear();
        try {
            for (int i = 0; i < frames.count(); i++) {
                int end = frames.start(i) + frames.length(i);
                passing.set(
                        i,
                        passes(frames.name(i))
                                && (wanted == null || wanted.test(frames.array(), frames.start(i), end)));
            }
            return true;
        } catch (WantedFailure e) {
            failure = e;
            return false;
        }
    }

    private boolean passes(byte[] nameUtf8) {
        if (filter.matchesEverything() && streamed.matchesEverything()) {
            return true;
        }
        String name = EventName.of(nameUtf8).text;
        return streamed.matches(name) && filter.matches(name);
    }

    /** Moves a partition's position past offsets that no record has. */
    public void advance(int partition, long offset) {
        if (failure == null) {
            next[partition] = Math.max(next[partition], offset);
        }
    }

    /** Says that what was to be read of a partition is gone, and that it goes on elsewhere. */
    public void appendGap(int partition, long to) {
        if (failure != null) {
            return;
        }
        Gap found = Gap.outOfRange(layout.partitions().get(partition), next[partition], to);
        next[partition] = to;
        append(List.of(found));
    }

    /** Says what is gone; only the last says where the client is then, when it has been told of all. */
    private void append(List<Gap> found) {
        for (int i = 0; i < found.size(); i++) {
            gap.clear();
            gap.add(SseEvent.of(EventName.GAP.text, found.get(i).toJson()));
            if (i == found.size() - 1) {
                slice.id(PositionCodec.encode(layout, next));
                untold = false;
            }
            append(gap, 0);
        }
    }

    /** What the brokers said last of the topics. */
    public Layout newestLayout() {
        return topics.layout();
    }

    /** What the brokers say of the topics now. */
    public Layout askForLayout() {
        return topics.ask();
    }

    /**
     * Goes on in topics that are others by now.
     *
     * @param beginning the first offset of each partition
     */
    public void goOnWith(Layout newer, long[] beginning) {
        if (failure != null) {
            return;
        }
        Relocation relocation = Relocation.of(new Place(layout, next), newer, beginning);
        layout = newer;
        next = relocation.place().next();
        append(relocation.gaps());
    }

    /** Gives the slice to the cursor. */
    public void handOver() {
        ready = true;
        follower.wake(Cursor.NO_SKIP);
    }

    @Override
    public void refuse(Refusal refusal) {
        follower.refused(refusal);
    }

    boolean isReady() {
        return ready;
    }

    /** Takes the slice, which may be empty; the replay's position is then after it. */
    FrameBuffer take() {
        FrameBuffer taken = slice;
        slice = new FrameBuffer();
        events = 0;
        untold = false;
        return taken;
    }

    /** Why the replay cannot go on after what has been taken, or {@code null} if it can. */
    WantedFailure failure() {
        return failure;
    }

    /** The cursor is about to ask for the next slice. */
    void ask() {
        ready = false;
    }

    /** Whether records have been dropped by the filter since the last id in the slice, or all in it were. */
    boolean hasUntold() {
        return untold;
    }

    Place place() {
        return new Place(layout, next.clone());
    }
}
