package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * The position of a client that is ahead of the frames it walks, in some partitions. The client skips the records that it
 * has seen, and its ids are its own, until the frames have come up to the position in every partition.
 *
 * <p>Threads: not safe; belongs to its cursor.
 */
final class OwnPosition {
    private Layout layout;
    private long[] next;
    private boolean[] ahead;
    private int aheadCount;

    /** The segment that the client is in. */
    private long segmentNumber;

    /** The position of a client at the start of a segment. */
    OwnPosition(Segment segment, Position position) {
        layout = segment.layout();
        next = position.next().clone();
        compareWith(segment);
    }

    OwnPosition copy() {
        return new OwnPosition(this);
    }

    private OwnPosition(OwnPosition other) {
        layout = other.layout;
        next = other.next.clone();
        ahead = other.ahead.clone();
        aheadCount = other.aheadCount;
        segmentNumber = other.segmentNumber;
    }

    private void compareWith(Segment segment) {
        segmentNumber = segment.number();
        long[] framesNext = segment.start().next();
        ahead = new boolean[next.length];
        aheadCount = 0;
        for (int i = 0; i < next.length; i++) {
            ahead[i] = next[i] > framesNext[i];
            aheadCount += ahead[i] ? 1 : 0;
        }
    }

    boolean isIn(Segment segment) {
        return segmentNumber == segment.number();
    }

    /** Enters another segment. Returns the gaps at its boundary that concern the client. */
    List<Gap> enter(Segment segment) {
        next = segment.layout().rearrange(next, layout, segment.start().next());
        layout = segment.layout();
        List<Gap> gaps = new ArrayList<>();
        for (Gap gap : segment.gaps()) {
            int i = layout.indexOf(gap.partition());
            Gap ofClient = gap.from(next[i]);
            if (ofClient != null) {
                gaps.add(ofClient);
                next[i] = gap.to();
            }
        }
        // Offsets without a record, or of a partition that the client takes from where the window starts in it.
        long[] framesNext = segment.start().next();
        for (int i = 0; i < next.length; i++) {
            next[i] = Math.max(next[i], framesNext[i]);
        }
        compareWith(segment);
        return gaps;
    }

    /** True if the position is another one than the start of a segment, in some partitions. */
    boolean differsFrom(Segment segment, Set<TopicPartition> in) {
        long[] start = segment.start().next();
        long[] mine = segment.layout().rearrange(next, layout, start);
        return in.stream().mapToInt(segment.layout()::indexOf).anyMatch(i -> mine[i] != start[i]);
    }

    /** True if the frames have reached the position in every partition. */
    boolean isReached() {
        return aheadCount == 0;
    }

    /** True if a position is at or past this one in every partition. */
    boolean isReachedBy(Position other) {
        return other.layout() == layout && Position.isAtOrBefore(next, other.next());
    }

    boolean hasSeen(int partition, long offset) {
        return offset < next[partition];
    }

    /** The client is past a record that it had not seen. */
    void passed(int partition, long offset) {
        next[partition] = Math.max(next[partition], offset + 1);
    }

    /** The frames have reached an offset. */
    void reached(int partition, long offset) {
        if (ahead[partition] && offset >= next[partition]) {
            ahead[partition] = false;
            aheadCount--;
        }
    }

    Position position() {
        return new Position(layout, next.clone());
    }
}
