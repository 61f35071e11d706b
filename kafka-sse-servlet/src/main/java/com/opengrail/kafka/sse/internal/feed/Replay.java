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

    /** A slice of so many bytes is not added to. */
    private static final int ENOUGH_BYTES = 64 * 1024;

    private final EventFilter filter;
    private final Follower follower;
    private final TopicWatch topics;
    private final Wanted wanted;
    private final RecordFrames gap = new RecordFrames();
    private final Selection selection;

    /** Where it is to be read on. */
    private Place readsOn;

    /** Where the client is, while that is further in some partitions. */
    private Place seen;

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
        this.readsOn = from;
        this.filter = filter;
        this.follower = follower;
        this.wanted = Wanted.of(follower);
        this.selection = Selection.of(new View(filter, REMEMBERED_VERDICTS), wanted);
    }

    @Override
    public Layout layout() {
        return readsOn.layout();
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

    /** Where the client is when it has taken the slice. */
    public Place place() {
        return seen == null ? readsOn : seen.orLater(readsOn);
    }

    /** The place at which it is to be read on: the client's or, where others read, one before that. */
    public Place readsOn() {
        return readsOn;
    }

    /** Whether the client is further than where it is to be read on. */
    public boolean readsBehindClient() {
        return seen != null;
    }

    /** Reads on where others do, at or before the client's place, and passes over what the client has seen. */
    public void readOnAt(Place earlier) {
        seen = place();
        readsOn = earlier;
    }

    /**
     * Reads on at the client's own place.
     *
     * @return whether that is another than where it was to be read on
     */
    public boolean readOnAlone() {
        boolean moves = seen != null;
        readsOn = place();
        seen = null;
        return moves;
    }

    /** Whether all that a batch holds for the client can be added to what there is, so that it has not more events waiting. */
    public boolean hasRoomFor(Batch batch, int mostEvents) {
        return shared == null && slice.length() < ENOUGH_BYTES && events + selection.most(batch.segment) <= mostEvents;
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
        if (seen == null && wanted == null && filter.matchesEverything() && slice.length() == 0) {
            shared = segment.events() > 0 ? segment : null;
            events = segment.events();
            untold = segment.count() > 0 && segment.name(segment.count() - 1) == EventName.NONE;
        } else if (seen == null || !batch.end().isAtOrBefore(seen)) {
            appendSelected(batch);
        }
        if (failure == null) {
            readsOn = batch.end();
            seen = seen == null || seen.isAtOrBefore(readsOn) ? null : seen;
        }
        return failure == null && !batch.isEmpty();
    }

    /** Adds what is for the client; where the application's code fails at a record, the replay ends before it. */
    private void appendSelected(Batch batch) {
        Segment segment = batch.segment;
        long[] own = seen == null ? null : place().next();
        int passed = 0;
        selection.enter(segment, true);
        int frame = selection.candidate(0);
        try {
            while (frame < segment.count()) {
                int last = segment.lastOfRecord(frame, segment.count());
                if (seen == null || segment.offset(frame) >= seen.next()[segment.partition(frame)]) {
                    boolean drops = selection.judge(segment, frame, last) == 0;
                    if (own != null) {
                        segment.advance(own, passed, last + 1);
                    }
                    passed = last + 1;
                    untold = drops;
                    if (!drops) {
                        byte[] id = own == null ? null : PositionCodec.encode(layout(), own);
                        events += selection.take(segment, frame, last, id, slice);
                    }
                }
                frame = selection.candidate(last + 1);
            }
            untold |= passed < segment.count();
        } catch (WantedFailure e) {
            failure = e;
            readsOn = new Place(layout(), segment.positionBefore(frame));
        }
        selection.forget();
    }

    /** Says that what was to be read of a partition is gone, and that it goes on elsewhere. */
    public void appendGap(int partition, long to) {
        if (failure != null) {
            return;
        }
        long[] next = readsOn.next().clone();
        Gap found = Gap.outOfRange(layout().partitions().get(partition), next[partition], to);
        next[partition] = to;
        readsOn = new Place(layout(), next);
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
                slice.id(readsOn.id());
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
        readOnAlone();
        Relocation relocation = Relocation.of(readsOn, newer, beginning);
        readsOn = relocation.place();
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
