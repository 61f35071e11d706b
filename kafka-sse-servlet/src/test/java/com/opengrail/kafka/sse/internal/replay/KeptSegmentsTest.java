package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.IdLine;
import com.opengrail.kafka.sse.internal.window.Segment;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What clients keep while they read slowly has a bound for all of them. */
class KeptSegmentsTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));

    private final Segment segment = segment(10_000);
    private final KeptSegments kept = new KeptSegments(2 * segment.footprint());

    private static Segment segment(int bytes) {
        Batch batch = new Batch(new Position(LAYOUT, new long[1]), bytes, new IdLine());
        batch.append(0, 0, new RecordFrames(), new EventNames(EventFilter.all()));
        return batch.segment(0);
    }

    @Test
    void shouldRefuseASegmentForWhichThereIsNoRoom() {
        assertTrue(kept.keep(segment));
        assertFalse(kept.keep(segment(10_001)));
        assertTrue(kept.keep(segment), "what was refused takes no room");
        assertFalse(kept.keep(segment), "each client counts");
        assertEquals(2 * segment.footprint(), kept.bytes());
    }

    @Test
    void shouldHaveRoomForWhatWasReleased() {
        assertTrue(kept.keep(segment));
        assertTrue(kept.keep(segment));
        kept.release(segment);
        assertTrue(kept.keep(segment));
        kept.release(segment);
        kept.release(segment);
        assertEquals(0, kept.bytes());
    }
}
