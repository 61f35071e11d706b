package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What a cursor does when the window moves on in the midst of it. */
class LiveCursorTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));
    private static final int WINDOW_BYTES = 4_000;

    private final Window window = new Window(WINDOW_BYTES, LAYOUT, new long[2]);
    private final FilterViews views = new FilterViews();
    private Runnable whenLookedUp = () -> {};
    private int wakes;

    /** Is looked up among the followers in the moment in which its cursor's position becomes the window's. */
    private final Follower follower = new Follower() {
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
        public boolean refused(Refusal refusal) {
            return true;
        }

        @Override
        public void wake(long firstMatch) {
            wakes++;
        }
    };

    /** A record that was on its way when the client came would wait for the end of the next poll. */
    @Test
    void shouldBeWokenBeforeTheNextPollForWhatWasAppendedWhenItHadJustCome() {
        views.join(EventFilter.all(), follower);
        views.absorb(window.nextSequence());
        assertEquals(1, wakes);
    }

    @Test
    void shouldKnowItsPlaceIfTheWindowGoesPastItWhileItTakesOverTheWindowsPosition() {
        EventFilter all = EventFilter.all();
        LiveCursor cursor = new LiveCursor(window, views, views.join(all, follower), follower);
        cursor.startIn(window.segment(0), new long[] {5, 0}, true);
        // Offsets that no record has: the window comes up to the cursor without a frame.
        window.advance(0, 5);
        window.publish();
        whenLookedUp = this::goRound;
        assertEquals(LiveCursor.Next.NOTHING, cursor.next(new Slice(), 1_000));
        assertEquals(LiveCursor.Next.BEHIND, cursor.next(new Slice(), 1_000));
        assertArrayEquals(new long[] {5, 0}, cursor.place().next());
    }

    private void goRound() {
        whenLookedUp = () -> {};
        RecordFrames frames = new RecordFrames();
        frames.add(SseEvent.of("order", "x".repeat(WINDOW_BYTES / 10)));
        for (int i = 0; i < 20; i++) {
            window.append(1, i, frames, new EventName[] {EventName.of("order".getBytes(UTF_8))});
        }
        window.publish();
    }
}
