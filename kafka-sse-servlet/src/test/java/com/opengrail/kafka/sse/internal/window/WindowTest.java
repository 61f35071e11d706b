package com.opengrail.kafka.sse.internal.window;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whom the window serves. */
class WindowTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));

    private static Position at(long... next) {
        return new Position(LAYOUT, next);
    }

    @Test
    void shouldGiveMemoryBackWhenItsShareBecomesLess() {
        Window window = new Window(1 << 20, at(0, 0));
        fill(window, 900);
        window.publish();
        assertTrue(window.footprint() > 800_000, () -> "holds " + window.footprint());
        window.limit(200_000);
        assertTrue(window.footprint() <= 200_000, () -> "holds " + window.footprint());
        fill(window, 900);
        window.publish();
        assertTrue(window.footprint() <= 200_000, () -> "holds " + window.footprint());
        window.limit(Long.MAX_VALUE);
        fill(window, 2_000);
        window.publish();
        assertTrue(window.footprint() > 800_000 && window.footprint() <= 1 << 20, () -> "holds " + window.footprint());
    }

    /** Each feed keeps names beside its window, and requests can start many feeds. */
    @Test
    void shouldKeepNoMoreNamesThanThereIsMemoryFor() {
        EventNames names = new EventNames(EventFilter.all());
        names.limit(100_000);
        EventName first = names.of("first".getBytes(UTF_8));
        for (int i = 0; i < 5_000; i++) {
            names.of(("name" + i).getBytes(UTF_8));
            assertSame(first, names.of("first".getBytes(UTF_8)), "it was used lately");
        }
        assertTrue(names.footprint() > 99_000 && names.footprint() <= 100_000, () -> names.footprint() + " bytes");
        EventName forgotten = names.of("name0".getBytes(UTF_8));
        names.limit(300);
        names.of("other".getBytes(UTF_8));
        assertNotSame(forgotten, names.of("name0".getBytes(UTF_8)));
    }

    @Test
    void shouldCountANameInTheFirstSegmentThatHoldsIt() {
        RecordFrames frames = new RecordFrames();
        frames.add(SseEvent.of(null, "x"));
        EventName name = new EventNames(EventFilter.all()).of("n".repeat(400).getBytes(UTF_8));
        Segment first = new Segment(at(0, 0), 1 << 10);
        long before = first.footprint();
        first.append(0, 0, frames, new EventName[] {name}, new FrameBuffer());
        long after = first.footprint();
        assertTrue(after >= before + 400 && after < before + 600, () -> before + ", then " + after);
        first.append(0, 1, frames, new EventName[] {name}, new FrameBuffer());
        assertEquals(after, first.footprint());
        Segment second = new Segment(at(0, 2), 1 << 10);
        second.append(0, 2, frames, new EventName[] {name}, new FrameBuffer());
        assertEquals(before, second.footprint());
    }

    @Test
    void shouldCountTheNamesThatItHolds() {
        Window window = new Window(1 << 20, at(0, 0));
        EventNames known = new EventNames(EventFilter.all());
        RecordFrames frames = new RecordFrames();
        String name = "n".repeat(400);
        for (int i = 0; i < 5_000; i++) {
            frames.clear();
            frames.add(SseEvent.of(null, "x"));
            EventName[] names = {known.of((name + i).getBytes(UTF_8))};
            window.append(0, i, frames, names);
        }
        long ofNames = window.frames() * name.length();
        assertTrue(ofNames > 1 << 18 && ofNames < 1 << 20, () -> ofNames + " bytes of names");
        for (int i = 0; i < 50_000; i++) {
            window.append(0, 5_000 + i, frames, new EventName[] {known.of(name.getBytes(UTF_8))});
        }
        assertTrue(window.frames() > 5_000, () -> "a name that is held once counts once: " + window.frames());
    }

    private static void fill(Window window, int records) {
        RecordFrames frames = new RecordFrames();
        EventName[] names = {new EventNames(EventFilter.all()).of("k".getBytes(UTF_8))};
        for (int i = 0; i < records; i++) {
            frames.clear();
            frames.add(SseEvent.of("k", "x".repeat(1_000)));
            window.append(0, window.next().next()[0], frames, names);
        }
    }

    @Test
    void shouldLetAClientJoinAtTheNewestSegmentThatLeavesNothingOut() {
        Window window = new Window(1 << 16, at(0, 0));
        for (int i = 0; i < 50; i++) {
            fill(window, 3);
            window.advance(1, 7 * i);
            window.publish();
        }
        assertJoinsNewestThatLeavesNothingOut(window);
        // Most of the window is missing then.
        window.limit(1 << 14);
        window.publish();
        assertJoinsNewestThatLeavesNothingOut(window);
    }

    private static void assertJoinsNewestThatLeavesNothingOut(Window window) {
        Position oldest =
                window.segmentOf(window.nextSequence() - window.frames()).start();
        assertTrue(oldest.next()[0] > 30, () -> "has dropped records up to " + oldest);
        assertNull(window.segmentBefore(at(oldest.next()[0] - 1, 400)));
        for (long offset = oldest.next()[0]; offset <= 150; offset++) {
            Segment found = window.segmentBefore(at(offset, 400));
            assertEquals(window.segmentOf(offset), found, "at offset " + offset);
            assertNull(window.segmentBefore(at(offset, oldest.next()[1] - 1)));
        }
    }

    @ParameterizedTest
    @EnumSource(Gap.Reason.class)
    void shouldLetAClientJoinBeforeABoundaryUnlessAPartitionIsReadAnew(Gap.Reason reason) {
        Window window = new Window(4_000, at(5, 277));
        Gap gap = new Gap(new TopicPartition("orders", 1), 277, 300, reason);
        window.relocate(at(5, 300), List.of(gap));
        window.publish();
        assertEquals(gap.restartsPartition(), window.segmentBefore(at(5, 280)) == null);
        assertNotNull(window.segmentBefore(at(5, 300)));
    }

    /** The window skips offsets 0 to 56 of partition 1, which a client that is there has not seen. */
    @Test
    void shouldNotLetAClientJoinBeforeTheStartOfAPartition() {
        Window window = new Window(4_000, at(5, 0));
        assertNotNull(window.segmentBefore(at(5, 0)));
        assertNotNull(window.segmentBefore(at(5, 40)));
        window.startPartitions(Map.of(new TopicPartition("orders", 1), 57L));
        window.publish();
        assertNull(window.segmentBefore(at(5, 0)));
        assertNull(window.segmentBefore(at(5, 40)));
        assertNotNull(window.segmentBefore(at(5, 57)));
        assertNotNull(window.segmentBefore(at(5, 60)));
        assertEquals(57, window.end().position().next()[1]);
    }

    /** What lies between cannot be read, and a client that is before it must not get past it. */
    @Test
    void shouldLeaveEverybodyBehindWhenItStartsAfresh() {
        Window window = new Window(4_000, at(5, 0));
        fill(window, 3);
        window.publish();
        long end = window.end().sequence();
        assertNotNull(window.segmentOf(end));
        window.startAfresh(new TopicPartition("orders", 1), 57L);
        window.publish();
        for (long sequence = 0; sequence <= end; sequence++) {
            assertNull(window.segmentOf(sequence), "at " + sequence);
        }
        assertTrue(window.end().lastBoundary() > end, "no client is passed on without a look");
        assertEquals(0, window.frames());
        Position at = window.end().position();
        assertEquals(57, at.next()[1]);
        assertNotNull(window.segmentBefore(at));
        assertNull(window.segmentBefore(new Position(LAYOUT, new long[] {at.next()[0], 56})));
    }

    /** A broker with old metadata can make a topic look like a new one and then like the old one again. */
    @ParameterizedTest
    @EnumSource(names = {"TRUNCATED", "RECREATED"})
    void shouldNotLetAClientJoinThatIsPastTheEndOfAPartitionThatWasReadAnew(Gap.Reason reason) {
        Window window = new Window(4_000, at(5, 277));
        assertNotNull(window.segmentBefore(at(5, 280)), "the window is behind");
        window.relocate(at(5, 223), List.of(new Gap(new TopicPartition("orders", 1), 277, 223, reason)));
        window.publish();
        assertNull(window.segmentBefore(at(5, 277)), "277 may have been truncated meanwhile: Kafka has to tell");
        assertNotNull(window.segmentBefore(at(9, 223)), "of the other partition nothing is doubtful");
        window.advance(1, 300);
        window.publish();
        assertNotNull(window.segmentBefore(at(5, 277)));
    }
}
