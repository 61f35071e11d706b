package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.List;

/**
 * What a cursor behind the window is given from Kafka, one batch after the other.
 *
 * <p>It is asked for with {@link Replays#serve}, filled by a reader, and handed back with {@link #handOver}; the cursor
 * takes the slice and asks again only when all of it has been written, so that a slow client is waited for by Kafka.
 *
 * <p>Threads: belongs to the reader from {@code serve} to {@code handOver}, else to the cursor; the volatile
 * {@link #isReady} passes it on. {@link #abandon} from anywhere.
 */
public final class Replay implements Replays.Request {
    private static final int REMEMBERED_VERDICTS = 256;

    private final EventFilter filter;
    private final Follower follower;
    private final TopicWatch topics;
    private final Wanted wanted;
    private Layout layout;
    private long[] next;
    private final RecordFrames gap = new RecordFrames();
    private final Selection selection;
    private WantedFailure failure;
    private FrameBuffer slice = new FrameBuffer(0);

    /** What has been read, where all of it is for the client. */
    private Segment shared;

    private int events;
    private boolean untold;
    private volatile boolean ready;
    private volatile boolean abandoned;

    Replay(Place from, EventFilter filter, Follower follower, TopicWatch topics) {
        this.topics = topics;
        this.layout = from.layout();
        this.next = from.next().clone();
        this.filter = filter;
        this.follower = follower;
        this.wanted = Wanted.of(follower);
        this.selection = new Selection(new View(filter, REMEMBERED_VERDICTS), wanted);
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

    /** The place at which it is to be read on. */
    public Place place() {
        return new Place(layout, next.clone());
    }

    /**
     * Adds what is for the client of a batch that follows on what was read.
     *
     * @return whether the replay has come further
     */
    public boolean append(Batch batch) {
        if (failure != null) {
            return false;
        }
        Segment segment = batch.segment;
        if (wanted == null && filter.matchesEverything() && slice.length() == 0) {
            shared = segment;
            events = segment.events();
            untold = segment.count() > 0 && segment.name(segment.count() - 1) == EventName.NONE;
        } else {
            appendSelected(segment);
        }
        if (failure == null) {
            next = batch.end().next();
        }
        return failure == null && !batch.isEmpty();
    }

    /** Adds what is for the client; where the application's code fails at a record, the replay ends before it. */
    private void appendSelected(Segment segment) {
        try {
            int frame = 0;
            while (frame < segment.count()) {
                int last = segment.lastOfRecord(frame, segment.count());
                boolean drops = selection.judge(segment, frame, last) == 0;
                next[segment.partition(frame)] = segment.offset(frame) + 1;
                untold = drops;
                if (!drops) {
                    events += selection.take(segment, frame, last, slice);
                }
                frame = last + 1;
            }
        } catch (WantedFailure e) {
            failure = e;
        }
        selection.forget();
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
        if (shared != null) {
            slice.append(shared.bytes, 0, shared.length());
            shared = null;
        }
        for (int i = 0; i < found.size(); i++) {
            gap.clear();
            gap.add(SseEvent.of(EventName.GAP.text, found.get(i).toJson()));
            if (i == found.size() - 1) {
                slice.id(PositionCodec.encode(layout, next));
                untold = false;
            }
            slice.append(gap.array(), gap.start(0), gap.length(0));
            events++;
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

    /**
     * Takes what has been read, which may be nothing; the replay's position is then after it.
     *
     * @return whether it is anything
     */
    boolean take(Slice into) {
        if (shared != null) {
            into.set(shared.bytes, 0, shared.length(), events);
        } else {
            into.set(slice.array(), 0, slice.length(), events);
        }
        slice = new FrameBuffer(0);
        shared = null;
        events = 0;
        untold = false;
        return into.length() > 0;
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
}
