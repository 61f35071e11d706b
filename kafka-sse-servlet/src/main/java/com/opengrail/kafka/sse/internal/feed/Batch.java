package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;

/**
 * What follows a place in the log, read in one go and encoded once for all clients that come to that place: what is for
 * one of them, ids included, is the same for all. A client that is further than the place in some partitions passes over
 * what it has seen, with ids of its own.
 *
 * <p>Threads: filled by the reader that makes it; never changed after it has been handed on.
 */
public final class Batch {
    final Place from;
    final Segment segment;
    private final long[] next;
    private final FrameBuffer idLine = new FrameBuffer();
    private EventName[] frameNames = new EventName[4];

    /**
     * A batch without records.
     *
     * @param expectedBytes what it will be at the least
     */
    public Batch(Layout layout, long[] from, int expectedBytes) {
        this.from = new Place(layout, from.clone());
        this.next = from.clone();
        this.segment = new Segment(layout, from.clone(), expectedBytes);
    }

    /** Adds the frames of a record, which follows on what was read of its partition. */
    public void append(int partition, long offset, RecordFrames frames, EventNames names) {
        int count = frames.count();
        if (frameNames.length < count) {
            frameNames = new EventName[count * 2];
        }
        for (int i = 0; i < count; i++) {
            frameNames[i] = names.of(frames.name(i));
        }
        next[partition] = offset + 1;
        idLine.clear();
        idLine.id(PositionCodec.encode(from.layout(), next));
        segment.append(partition, offset, frames, frameNames, idLine);
    }

    /** Moves a partition's position past offsets that no record has. */
    public void advance(int partition, long offset) {
        next[partition] = Math.max(next[partition], offset);
    }

    /** Whether there is no record in it. */
    public boolean isEmpty() {
        return segment.count() == 0;
    }

    /** The memory that it occupies. */
    public long footprint() {
        return segment.footprint();
    }

    /** Whether who is at a place may read this batch instead of what follows there: nothing is left out, and some is new. */
    public boolean leadsOnFrom(Place place) {
        return from.isAtOrBefore(place) && !end().isAtOrBefore(place);
    }

    /** The place before it. */
    public Place from() {
        return from;
    }

    /** The place after it. */
    public Place end() {
        return new Place(from.layout(), next.clone());
    }
}
