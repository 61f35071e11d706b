package com.opengrail.kafka.sse.internal.cursor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.match.Turns;
import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.EventName;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import com.opengrail.kafka.sse.testing.QuietFollower;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What a cursor does when the window moves on in the midst of it. */
class LiveCursorTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));
    private static final int WINDOW_BYTES = 4_000;

    private final Window window = new Window(WINDOW_BYTES, new Position(LAYOUT, new long[2]));
    private final FilterGroups groups = new FilterGroups(() -> 0);
    private Runnable whenLookedUp = () -> {};
    private int wakes;

    /** Is looked up among the followers in the moment in which its cursor's position becomes the window's. */
    private final Follower follower = new QuietFollower() {
        @Override
        public int hashCode() {
            whenLookedUp.run();
            return 1;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public void opened(Cursor cursor) {}

        @Override
        public boolean failed(StartFailure failure) {
            return true;
        }

        @Override
        public void wake() {
            wakes++;
        }
    };

    /** A record that was on its way when the client came would wait for the end of the next poll. */
    @Test
    void shouldBeWokenBeforeTheNextPollForWhatWasAppendedWhenItHadJustCome() {
        groups.join(EventFilter.all(), follower);
        groups.absorb(window.nextSequence());
        assertEquals(1, wakes);
    }

    @Test
    void shouldKnowItsPlaceIfTheWindowGoesPastItWhileItTakesOverTheWindowsPosition() {
        LiveCursor cursor = new LiveCursor(window, groups, follower, groups.join(EventFilter.all(), follower), false);
        cursor.startIn(window.segmentOf(0), new Position(LAYOUT, new long[] {5, 0}), true);
        // Offsets that no record has: the window comes up to the cursor without a frame.
        window.advance(0, 5);
        window.publish();
        whenLookedUp = this::goRound;
        assertTrue(continuesWithoutBytes(cursor));
        assertFalse(continuesWithoutBytes(cursor));
        assertArrayEquals(new long[] {5, 0}, cursor.position().next());
    }

    /** Otherwise a server that has not seen them takes them for a gap, once Kafka has deleted them. */
    @Test
    void shouldTellThePositionAfterOffsetsWithoutARecordOnce() {
        LiveCursor cursor = new LiveCursor(window, groups, follower, groups.join(EventFilter.all(), follower), false);
        append(0);
        window.publish();
        assertTrue(takesBytes(cursor));
        assertFalse(takesBytes(cursor));
        cursor.passToEnd();
        assertFalse(cursor.isPositionUnsent());
        window.advance(1, 5);
        window.publish();
        cursor.passToEnd();
        assertTrue(cursor.isPositionUnsent());
        cursor.setPositionUnsent(false);
        cursor.passToEnd();
        assertFalse(cursor.isPositionUnsent());
        append(5);
        window.advance(1, 9);
        window.publish();
        assertTrue(takesBytes(cursor));
        cursor.passToEnd();
        assertTrue(cursor.isPositionUnsent());
        assertArrayEquals(new long[] {0, 9}, cursor.position().next());
    }

    @Test
    void shouldTellThePositionAfterOffsetsWithoutARecordWhereItJoinsTheWindow() {
        append(0);
        append(1);
        window.advance(1, 5);
        window.publish();
        LiveCursor cursor = new LiveCursor(window, groups, follower, groups.join(EventFilter.all(), follower), false);
        cursor.startIn(window.segmentOf(0), new Position(LAYOUT, new long[] {0, 1}), true);
        assertTrue(takesBytes(cursor));
        assertFalse(cursor.isPositionUnsent());
        cursor.passToEnd();
        assertTrue(cursor.isPositionUnsent());
    }

    /** What has been judged is remembered by its offset. */
    @Test
    void shouldJudgeARecordAnewThatHasTheOffsetOfAnotherBeforeAGap() {
        LiveCursor cursor =
                new LiveCursor(window, groups, follower, groups.join(EventFilter.parse("a.?"), follower), false);
        append(0, "x", "b", "bb");
        window.publish();
        assertFalse(takesBytes(cursor));
        Position start = new Position(LAYOUT, new long[2]);
        window.relocate(start, List.of(new Gap(new TopicPartition("orders", 1), 1, 0, Gap.Reason.TRUNCATED)));
        append(0, "x", "a", "ab");
        window.publish();
        assertTrue(takesBytes(cursor), "the gap");
        assertTrue(takesBytes(cursor), "both events");
        assertFalse(takesBytes(cursor));
    }

    private static boolean continuesWithoutBytes(LiveCursor cursor) {
        Slice slice = new Slice();
        boolean continues = cursor.next(slice, begun());
        assertEquals(0, slice.length());
        return continues;
    }

    private static boolean takesBytes(LiveCursor cursor) {
        Slice slice = new Slice();
        cursor.next(slice, begun());
        return slice.length() > 0;
    }

    private static Turn begun() {
        Turn turn = Turns.of(1_000, () -> 0);
        turn.begin();
        return turn;
    }

    private void goRound() {
        whenLookedUp = () -> {};
        for (int i = 0; i < 20; i++) {
            append(i);
        }
        window.publish();
    }

    private void append(long offset) {
        append(offset, "x".repeat(WINDOW_BYTES / 10), "order");
    }

    private void append(long offset, String data, String... events) {
        RecordFrames frames = new RecordFrames();
        EventNames names = new EventNames(EventFilter.all());
        EventName[] ofFrames = new EventName[events.length];
        for (int i = 0; i < events.length; i++) {
            frames.add(SseEvent.of(events[i], data));
            ofFrames[i] = names.of(events[i].getBytes(UTF_8));
        }
        window.append(1, offset, frames, ofFrames);
    }
}
