package com.opengrail.kafka.sse.internal.window;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.ByteBudget;
import com.opengrail.kafka.sse.internal.gzip.CompressedGroup;
import com.opengrail.kafka.sse.internal.gzip.CompressedRun;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.gzip.GzipStream;
import com.opengrail.kafka.sse.internal.gzip.WireBytes;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Strangers may come with any number of filters. What is kept of each of them counts. */
class CompressedMemoryTest {
    private static final Position START =
            new Position(new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1))), new long[] {0});
    private static final long MOST = 1_000_000;
    private static final long HISTORY = 8_192;
    private static final int FRAMES = 10;

    private final Compressors compressors = new Compressors(1);
    private final ByteBudget memory = new ByteBudget(MOST);
    private final RecordFrames frames = new RecordFrames();

    CompressedMemoryTest() {
        frames.add(SseEvent.of("order", "x".repeat(200)));
    }

    @AfterEach
    void close() {
        compressors.close();
    }

    private Batch batch() {
        Batch batch = new Batch(START, 4096, new IdLine());
        EventNames names = new EventNames(EventFilter.all());
        for (int i = 0; i < FRAMES; i++) {
            batch.append(0, i, frames, names);
        }
        return batch;
    }

    private CompressedRun run(Segment segment, EventFilter filter) {
        return segment.compressed(filter, () -> CompressedGroup.ofSegment(compressors, memory, filter.footprint()));
    }

    private static void read(Segment segment, CompressedRun run, int frames) {
        new GzipStream().take(run, segment.bytes(), 0, segment.end(frames - 1), new WireBytes());
    }

    @Test
    void shouldKeepNoMoreRunsOfABatchThanThereIsMemoryFor() {
        Batch batch = batch();
        Segment segment = batch.segment(0);
        int made = 0;
        for (int client = 0; client < 1_000; client++) {
            CompressedRun run = run(segment, EventFilter.parse("order,other-" + client));
            if (run != null) {
                made++;
                read(segment, run, FRAMES - 1);
            }
        }
        assertTrue(made > 10, "runs: " + made);
        assertTrue(made * HISTORY <= memory.used(), made + " runs counted as " + memory.used());
        assertTrue(memory.used() <= MOST + 2 * HISTORY, "counted " + memory.used());
        assertNull(run(segment, EventFilter.parse("one,more")));
        batch.dropCompressed();
        assertEquals(0, memory.used());
        assertNotNull(run(segment, EventFilter.parse("one,more")));
    }

    /** Else the pieces of ordinary replays would have to go much earlier. */
    @Test
    void shouldKeepNoHistoryOfABatchThatHasBeenReadToItsEnd() {
        Segment segment = batch().segment(0);
        CompressedRun run = run(segment, EventFilter.all());
        GzipStream client = new GzipStream();
        int last = segment.end(FRAMES - 2);
        client.take(run, segment.bytes(), 0, last, new WireBytes());
        assertTrue(memory.used() > HISTORY);
        client.take(run, segment.bytes(), last, segment.end(FRAMES - 1), new WireBytes());
        assertTrue(memory.used() < HISTORY, "counted " + memory.used());
    }

    @Test
    void shouldCountFiltersByTheirSize() {
        Segment segment = batch().segment(0);
        run(segment, EventFilter.parse("order"));
        long ofSmall = memory.used();
        run(segment, EventFilter.parse("a".repeat(4_000)));
        assertTrue(memory.used() - ofSmall >= ofSmall + 3_900, "a long name");
        long before = memory.used();
        run(segment, EventFilter.parse("(a|b){100}"));
        assertTrue(memory.used() - before >= ofSmall + 10_000, "an expression that is long when compiled");
    }

    @Test
    void shouldCountRunsOfTheWindowUntilTheirSegmentsGo() {
        Window window = new Window(4 * MOST, START);
        EventName[] names = {new EventNames(EventFilter.all()).of("order".getBytes(UTF_8))};
        window.append(0, 0, frames, names);
        window.publish();
        Segment segment = window.end().newest();
        for (int client = 0; client < 10_000; client++) {
            segment.compressed(CompressedGroup.ofClients(compressors, window.compressed()));
        }
        assertTrue(window.compressed().used() <= MOST + 1_000);
        assertNull(segment.compressed(CompressedGroup.ofClients(compressors, window.compressed())));
        segment.close();
        assertEquals(0, window.compressed().used());
    }

    @Test
    void shouldLeaveAWindowThatHasToShrinkLessForCompressedFrames() {
        Window window = new Window(4 * MOST, START);
        window.limit(40_000);
        Segment segment = window.end().newest();
        for (int client = 0; client < 100; client++) {
            segment.compressed(CompressedGroup.ofClients(compressors, window.compressed()));
        }
        assertTrue(
                window.compressed().used() <= 11_000,
                "counted " + window.compressed().used());
    }
}
