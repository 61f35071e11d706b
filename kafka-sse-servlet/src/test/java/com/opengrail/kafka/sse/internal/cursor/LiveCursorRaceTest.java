package com.opengrail.kafka.sse.internal.cursor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.window.EventName;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import com.opengrail.kafka.sse.testing.Race;
import com.opengrail.kafka.sse.testing.ReadingFollower;
import com.opengrail.kafka.sse.testing.SseParser;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/**
 * Appending against being lapped: whatever a cursor gives is whole and in order, and when the window has gone past the
 * cursor, it says a place that is just behind the last event that it gave.
 */
class LiveCursorRaceTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));
    private static final int WINDOW_BYTES = 50_000;
    private static final int READERS = 3;

    /** So often is each reader lapped, waiting for it each time. */
    private static final int LAPS = 150;

    private final FilterGroups groups = new FilterGroups(System::nanoTime);
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(READERS);
    private volatile Window window;

    @Test
    void shouldGiveWholeFramesInOrderOrSayWhereItIsBehind() throws InterruptedException {
        Race.run(this::write, new Reader(1)::run, new Reader(2)::run, new Reader(3)::run);
    }

    /** The tail: a few records, then a publication, until no reader is left. */
    private void write() {
        Random random = new Random(7);
        Window written = new Window(WINDOW_BYTES, new Position(LAYOUT, new long[2]));
        window = written;
        started.countDown();
        RecordFrames frames = new RecordFrames();
        EventName[] names = {new EventNames(EventFilter.all()).of("order".getBytes(UTF_8))};
        while (left.getCount() > 0) {
            groups.absorb(written.nextSequence());
            for (int i = random.nextInt(40); i >= 0; i--) {
                int partition = random.nextInt(2);
                long offset = written.next().next()[partition];
                frames.clear();
                frames.add(SseEvent.of("order", partition + ":" + offset + ":" + "x".repeat(random.nextInt(100))));
                groups.mark(names[0], written.nextSequence());
                written.append(partition, offset, frames, names);
            }
            groups.beforePublish();
            written.publish();
            groups.wake();
        }
    }

    private final class Reader {
        private final Random random;
        private final Slice slice = new Slice();
        private final ReadingFollower follower = new ReadingFollower();
        private long[] expected;

        Reader(long seed) {
            random = new Random(seed);
        }

        void run() throws InterruptedException {
            started.await();
            try {
                for (int lap = 0; lap < LAPS; lap++) {
                    readUntilBehind();
                }
            } finally {
                left.countDown();
            }
        }

        private void readUntilBehind() {
            LiveCursor cursor =
                    new LiveCursor(window, groups, follower, groups.join(EventFilter.all(), follower), false);
            expected = cursor.position().next().clone();
            SseParser parser = new SseParser(this::check);
            boolean continues = true;
            long turns = random.nextInt(200);
            while (continues) {
                slice.clear();
                Turn turn = new Turn(1 + random.nextInt(3000), System::nanoTime);
                turn.begin();
                continues = cursor.next(slice, turn);
                if (slice.length() > 0) {
                    parser.feed(slice.bytes(), slice.from(), slice.length());
                } else {
                    assertArrayEquals(expected, cursor.position().next());
                }
                if (turns-- == 0) {
                    awaitLap(cursor);
                }
            }
            assertArrayEquals(expected, cursor.position().next());
            cursor.close();
        }

        /** In the midst of a segment, or at rest. */
        private void awaitLap(LiveCursor cursor) {
            if (random.nextBoolean()) {
                cursor.park();
            }
            long end = window.end().sequence();
            while (window.segmentOf(end) != null) {
                LockSupport.parkNanos(20_000);
            }
        }

        private void check(String id, String type, String data) {
            assertEquals("order", type);
            String[] parts = data.split(":", 3);
            int partition = Integer.parseInt(parts[0]);
            assertEquals(expected[partition], Long.parseLong(parts[1]));
            assertTrue(parts[2].chars().allMatch(character -> character == 'x'), data);
            expected[partition]++;
            assertEquals(new String(PositionCodec.encode(LAYOUT, expected), UTF_8), id);
        }
    }
}
