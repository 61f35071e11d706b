package com.opengrail.kafka.sse.internal.cursor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.GzipStream;
import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.EventName;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import com.opengrail.kafka.sse.testing.NoFollower;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Of which record a write says the timestamp, for the latency. */
class LiveTimestampTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));
    private static final List<Long> NONE = List.of();

    private final Window window = new Window(1 << 20, new Position(LAYOUT, new long[2]));
    private final FilterGroups groups = new FilterGroups(System::nanoTime);
    private final EventNames names = new EventNames(EventFilter.all());
    private final long[] offsets = new long[2];

    private void append(int partition, long timestamp, String... events) {
        RecordFrames frames = new RecordFrames();
        frames.timestamp(timestamp);
        EventName[] ofFrames = new EventName[events.length];
        for (int i = 0; i < events.length; i++) {
            frames.add(SseEvent.of(events[i], "x"));
            ofFrames[i] = names.of(events[i].getBytes(UTF_8));
            groups.mark(ofFrames[i], window.nextSequence() + i);
        }
        window.append(partition, offsets[partition]++, frames, ofFrames);
    }

    private void publish() {
        groups.beforePublish();
        window.publish();
        groups.wake();
    }

    private LiveCursor join(String filter) {
        Follower follower = new NoFollower();
        LiveCursor cursor =
                new LiveCursor(window, groups, follower, groups.join(EventFilter.parse(filter), follower), false);
        groups.absorb(window.nextSequence());
        return cursor;
    }

    /** The timestamp of each write, negative ones too. */
    private static List<Long> timestamps(LiveCursor cursor) {
        List<Long> timestamps = new ArrayList<>();
        Slice slice = new Slice();
        Turn turn = new Turn(1 << 16, () -> 0);
        turn.begin();
        while (cursor.next(slice, turn) && slice.length() > 0) {
            timestamps.add(slice.timestamp());
            slice.clear();
        }
        return timestamps;
    }

    @Test
    void shouldBeThatOfTheFirstRecordOfAWrite() {
        LiveCursor cursor = join(".*");
        append(0, 70, "a");
        append(1, 80, "b");
        publish();
        assertEquals(List.of(70L), timestamps(cursor));
        append(0, 90, "a", "b");
        publish();
        assertEquals(List.of(90L), timestamps(cursor));
        assertEquals(NONE, timestamps(cursor));
    }

    @Test
    void shouldBeThatOfTheFirstRecordThatTheFilterPasses() {
        LiveCursor cursor = join("b");
        append(0, 70, "a");
        append(1, 80, "b", "a");
        append(0, 90, "b");
        publish();
        assertEquals(List.of(80L, 90L), timestamps(cursor));
    }

    @Test
    void shouldBeNoneOfWhatWasInTheWindowBeforeTheClientCame() {
        append(0, 70, "a");
        publish();
        LiveCursor cursor = join(".*");
        cursor.startIn(window.segmentOf(0), new Position(LAYOUT, new long[2]), true);
        assertEquals(List.of(-1L), timestamps(cursor));
        append(0, 80, "a");
        publish();
        assertEquals(List.of(80L), timestamps(cursor));
    }

    @Test
    void shouldBeLiveForAClientThatIsAheadOfTheWindowInAPartition() {
        append(0, 70, "a");
        publish();
        LiveCursor cursor = join(".*");
        cursor.startIn(window.segmentOf(0), new Position(LAYOUT, new long[] {1, 1}), true);
        assertEquals(NONE, timestamps(cursor));
        append(1, 80, "a");
        append(1, 90, "a");
        publish();
        assertEquals(List.of(90L), timestamps(cursor));
    }

    @Test
    void shouldOutlastTheCompressionOfTheWrite() {
        LiveCursor cursor = join(".*");
        append(0, 70, "a");
        publish();
        Slice slice = new Slice();
        Turn turn = new Turn(1 << 16, () -> 0);
        turn.begin();
        assertTrue(cursor.next(slice, turn) && slice.length() > 0);
        slice.compress(new GzipStream(), false);
        assertEquals(70, slice.timestamp());
        slice.set(new byte[1], 0, 1, 0);
        assertEquals(-1, slice.timestamp(), "of a block of the stream itself");
    }

    @Test
    void shouldBeNoneOfRecordsWithoutOne() {
        LiveCursor cursor = join(".*");
        append(0, -1, "a");
        publish();
        assertEquals(List.of(-1L), timestamps(cursor));
    }
}
