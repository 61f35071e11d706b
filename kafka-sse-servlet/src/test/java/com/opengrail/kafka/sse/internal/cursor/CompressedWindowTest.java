package com.opengrail.kafka.sse.internal.cursor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
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
import com.opengrail.kafka.sse.testing.GzipDecoder;
import com.opengrail.kafka.sse.testing.QuietFollower;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What compression takes of a window's memory, however many clients follow different things. */
class CompressedWindowTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));
    private static final int WINDOW_BYTES = 1 << 20;
    private static final int RECORDS = 6_000;

    private final Window window = new Window(WINDOW_BYTES, new Position(LAYOUT, new long[1]));
    private final FilterGroups groups = new FilterGroups(System::nanoTime);
    private final EventName name = new EventNames(EventFilter.all()).of("order".getBytes(UTF_8));
    private final Random random = new Random(42);
    private final Compressors compressors = new Compressors(1);
    private final List<Client> clients = new ArrayList<>();

    /** Takes all that its filter passes, and decodes it. */
    private final class Client implements QuietFollower {
        private final LiveCursor cursor;
        private final GzipStream gzip = new GzipStream();
        private final GzipDecoder decoder = new GzipDecoder();
        private final Slice slice = new Slice();
        private final Turn turn = new Turn(1 << 16, () -> 0);
        private long plainBytes;

        Client(String filter) {
            cursor = new LiveCursor(window, groups, this, groups.join(EventFilter.parse(filter), this), false);
        }

        void read() {
            turn.begin();
            while (cursor.next(slice, turn) && slice.length() > 0) {
                byte[] plain = Arrays.copyOfRange(slice.bytes(), slice.from(), slice.from() + slice.length());
                plainBytes += plain.length;
                slice.compress(gzip, false);
                assertArrayEquals(plain, decoder.decode(slice.bytes(), slice.from(), slice.length()));
                slice.clear();
            }
        }

        @Override
        public Compressors compressors() {
            return compressors;
        }

        @Override
        public void opened(Cursor opened) {
            throw new AssertionError("opened by nobody");
        }

        @Override
        public boolean failed(StartFailure failure) {
            throw new AssertionError("failed by nobody");
        }

        @Override
        public void wake() {
            // It reads when the test says so.
        }
    }

    @AfterEach
    void close() {
        clients.forEach(client -> client.decoder.close());
        compressors.close();
    }

    private void follow(int filters) {
        for (int i = 0; i < filters; i++) {
            clients.add(new Client("order|other-" + i));
        }
        groups.absorb(window.nextSequence());
        for (int offset = 0; offset < RECORDS; offset++) {
            append(offset);
            clients.forEach(Client::read);
            assertTrue(window.footprint() <= WINDOW_BYTES + WINDOW_BYTES / 8, () -> window.footprint() + " bytes");
            assertTrue(
                    window.compressed().used() <= WINDOW_BYTES / 4 + 8192,
                    () -> window.compressed().used() + " bytes");
        }
    }

    private void append(int offset) {
        RecordFrames frames = new RecordFrames();
        frames.add(SseEvent.of(
                "order",
                "{\"order\":" + offset + ",\"customer\":\"c-" + random.nextInt(10_000) + "\",\"amount\":"
                        + random.nextInt(100_000) + ",\"currency\":\"EUR\",\"state\":\"accepted\"}"));
        window.append(0, offset, frames, new EventName[] {name});
        groups.mark(name, offset);
        groups.beforePublish();
        window.publish();
        groups.wake();
    }

    @Test
    void shouldCompressAllTheTimeForClientsThatFollowFewThings() {
        follow(3);
        for (Client client : clients) {
            assertTrue(client.plainBytes > WINDOW_BYTES / 2, () -> client.plainBytes + " bytes");
            assertTrue(
                    client.decoder.wireBytes() < client.plainBytes / 3,
                    () -> client.decoder.wireBytes() + " bytes of " + client.plainBytes);
        }
        assertTrue(window.frames() > 2_000, () -> window.frames() + " frames");
    }

    @Test
    void shouldKeepItsMemoryWhereEachClientFollowsSomethingElse() {
        follow(60);
        assertTrue(window.frames() > 2_000, () -> window.frames() + " frames");
    }

    @Test
    void shouldGiveBackTheMemoryOfSegmentsThatAreGone() {
        follow(3);
        clients.forEach(client -> client.cursor.close());
        for (int offset = RECORDS; offset < 3 * RECORDS; offset++) {
            append(offset);
        }
        assertEquals(0, window.compressed().used());
    }
}
