package com.opengrail.kafka.sse.internal.window;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class NamedFramesTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));

    private final Segment segment = new Segment(new Position(LAYOUT, new long[1]), 1000);
    private final EventNames names = new EventNames(EventFilter.all());

    private void append(EventName name) {
        RecordFrames frames = new RecordFrames();
        frames.clear();
        frames.add(SseEvent.of(name.text(), "data"));
        segment.append(0, segment.count(), frames, new EventName[] {name}, new FrameBuffer());
    }

    private void append(String... all) {
        for (String each : all) {
            append(names.of(each.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void shouldFindTheFramesOfANameInTheirOrder() {
        append("b", "a", "b", "c", "a");
        assertEquals(1, segment.byName().next(Set.of("a"), 0));
        assertEquals(1, segment.byName().next(Set.of("a"), 1));
        assertEquals(4, segment.byName().next(Set.of("a"), 2));
        assertEquals(2, segment.byName().next(Set.of("a", "b"), 2));
    }

    @Test
    void shouldSayThatThereIsNoneByTheNumberOfFrames() {
        append("a", "b");
        assertEquals(2, segment.byName().next(Set.of("a"), 1));
        assertEquals(2, segment.byName().next(Set.of("other"), 0));
    }

    /** Keys come from strangers: such with the same hash code are easily made. */
    @Test
    void shouldTellNamesOfTheSameHashCodeApart() {
        append("BB", "Aa", "AaBB", "BBAa", "Aa");
        assertEquals(1, segment.byName().next(Set.of("Aa"), 0));
        assertEquals(4, segment.byName().next(Set.of("Aa"), 2));
        assertEquals(3, segment.byName().next(Set.of("BBAa"), 0));
    }

    @Test
    void shouldNotFindRecordsWithoutEvents() {
        segment.append(0, 0, new RecordFrames(), new EventName[0], new FrameBuffer());
        append("a");
        assertEquals(1, segment.byName().next(Set.of("a"), 0));
    }
}
