package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.ByteBudget;
import com.opengrail.kafka.sse.internal.gzip.CompressedGroup;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.IdLine;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Clients that read the same part of the log share what was read of it, in bounded memory. */
class BatchCacheTest {
    private static final Layout LAYOUT = layout();
    private static final int BYTES = 4096;
    private static final long KEPT = TimeUnit.MILLISECONDS.toNanos(BatchCache.KEPT_MILLIS);
    private static final long FOOTPRINT = batch(LAYOUT, 0, 0, 1).footprint();

    private long now = -7;
    private final ByteBudget compressed = new ByteBudget(4_000);
    private final BatchCache cache = new BatchCache(3 * FOOTPRINT, compressed, () -> now);

    private static Layout layout() {
        return new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));
    }

    private static Position at(long first, long second) {
        return new Position(LAYOUT, new long[] {first, second});
    }

    /** Records of the first partition. */
    private static Batch batch(Layout layout, long first, long second, int records) {
        Batch batch = new Batch(new Position(layout, new long[] {first, second}), BYTES, new IdLine());
        EventNames names = new EventNames(EventFilter.all());
        RecordFrames frames = new RecordFrames();
        frames.add(SseEvent.of("name", "data"));
        for (int i = 0; i < records; i++) {
            batch.append(0, first + i, frames, names);
        }
        return batch;
    }

    private Batch keep(long first, long second, int records) {
        return cache.keep(batch(LAYOUT, first, second, records));
    }

    private static boolean isDropped(Batch batch) {
        return batch.segment(0) == null;
    }

    /** Else nothing would be compressed for others as long as the batches are read that the first ones have filled. */
    @Test
    void shouldLetGoOfWhatHasBeenCompressedOfBatchesUsedLongestAgo() {
        try (Compressors compressors = new Compressors(1)) {
            Batch first = keep(5, 7, 3);
            CompressedGroup group = CompressedGroup.ofClients(compressors, compressed);
            while (first.segment(0).compressed(CompressedGroup.ofClients(compressors, compressed)) != null) {}
            Batch second = keep(8, 7, 3);
            assertEquals(0, compressed.used());
            assertNotNull(second.segment(0).compressed(group));
        }
    }

    @Test
    void shouldGiveAllAtAPlaceTheSameBatch() {
        Batch kept = keep(5, 7, 3);
        assertSame(kept, cache.leadingOnFrom(at(5, 7)));
        assertSame(kept, keep(5, 7, 2), "another reader was first");
        assertEquals(FOOTPRINT, cache.bytes());
    }

    @Test
    void shouldServeClientsThatAreAheadOfTheStartOfABatch() {
        Batch kept = keep(5, 7, 3);
        assertSame(kept, cache.leadingOnFrom(at(7, 7)));
        assertSame(kept, cache.leadingOnFrom(at(5, 900)), "of one partition they have seen more");
    }

    @Test
    void shouldLeaveNothingOut() {
        keep(5, 7, 3);
        assertNull(cache.leadingOnFrom(at(4, 7)));
        assertNull(cache.leadingOnFrom(at(5, 6)));
    }

    @Test
    void shouldNotLetAClientReadWhatItHasSeenAllOf() {
        keep(5, 7, 3);
        assertNull(cache.leadingOnFrom(at(8, 7)));
        assertNull(cache.leadingOnFrom(at(8, 900)));
    }

    @Test
    void shouldSkipAsLittleAsPossible() {
        keep(0, 0, 9);
        Batch nearest = keep(4, 2, 9);
        keep(2, 2, 9);
        assertSame(nearest, cache.leadingOnFrom(at(5, 5)));
    }

    @Test
    void shouldKnowBatchesOfOtherLayoutsApart() {
        cache.keep(batch(layout(), 5, 7, 3));
        assertNull(cache.leadingOnFrom(at(5, 7)));
    }

    @Test
    void shouldDropFirstWhatWasUsedLongestAgo() {
        Batch first = keep(0, 0, 1);
        Batch second = keep(10, 0, 1);
        keep(20, 0, 1);
        assertSame(first, cache.leadingOnFrom(at(0, 0)));
        keep(30, 0, 1);
        assertEquals(3 * FOOTPRINT, cache.bytes());
        assertTrue(isDropped(second));
        assertNull(cache.leadingOnFrom(at(10, 0)));
        assertSame(first, cache.leadingOnFrom(at(0, 0)));
    }

    /** Compaction and transaction markers leave whole stretches of offsets out. */
    @Test
    void shouldBoundTheNumberOfBatchesWithoutRecords() {
        Batch first = new Batch(at(0, 0), BYTES, new IdLine());
        first.advance(0, 1);
        cache.keep(first);
        long ofOne = cache.bytes();
        assertTrue(ofOne > 0);
        for (int i = 1; cache.bytes() == i * ofOne; i++) {
            Batch next = new Batch(at(i, 0), BYTES, new IdLine());
            next.advance(0, i + 1);
            cache.keep(next);
        }
        assertNull(cache.leadingOnFrom(at(0, 0)), "the first gave way");
    }

    @Test
    void shouldCountAsUsedWhatOthersSkipTheirWayInto() {
        Batch first = keep(0, 0, 2);
        keep(10, 0, 1);
        keep(20, 0, 1);
        assertSame(first, cache.leadingOnFrom(at(1, 0)));
        keep(30, 0, 1);
        assertSame(first, cache.leadingOnFrom(at(0, 0)));
    }

    @Test
    void shouldKeepABatchThatIsLargerThanTheCacheAlone() {
        Batch small = keep(0, 0, 1);
        Batch large = batch(LAYOUT, 10, 0, 1000);
        assertTrue(large.footprint() > 3 * FOOTPRINT);
        assertSame(large, cache.keep(large));
        assertTrue(isDropped(small));
        assertSame(large, cache.leadingOnFrom(at(10, 0)));
        assertEquals(large.footprint(), cache.bytes());
        keep(2000, 0, 1);
        assertTrue(isDropped(large));
        assertEquals(FOOTPRINT, cache.bytes());
    }

    @Test
    void shouldDropAllWhenNobodyHasAskedForAWhile() {
        Batch kept = keep(0, 0, 1);
        now += KEPT - 1;
        cache.leadingOnFrom(at(900, 900));
        now += KEPT - 1;
        // Each idle reader looks.
        cache.dropIfUnused();
        cache.dropIfUnused();
        assertSame(kept, cache.leadingOnFrom(at(0, 0)), "somebody had asked");
        now += KEPT;
        cache.dropIfUnused();
        assertNull(cache.leadingOnFrom(at(0, 0)));
        assertTrue(isDropped(kept));
        assertEquals(0, cache.bytes());
    }

    @Test
    void shouldDropWhatReachesPastATruncation() {
        Batch before = keep(0, 0, 5);
        Batch across = keep(3, 0, 5);
        Batch past = keep(20, 0, 1);
        cache.truncated(LAYOUT, new TopicPartition("orders", 0), 5);
        assertTrue(isDropped(across));
        assertTrue(isDropped(past));
        assertSame(before, cache.leadingOnFrom(at(0, 0)));
        assertEquals(FOOTPRINT, cache.bytes());
    }

    @Test
    void shouldKeepWhatOtherTopicsAndPartitionsHaveAfterATruncation() {
        Layout other = layout();
        cache.keep(batch(other, 0, 0, 5));
        keep(3, 2, 5);
        cache.truncated(LAYOUT, new TopicPartition("orders", 1), 2);
        assertNotNull(cache.leadingOnFrom(at(3, 2)));
        cache.truncated(LAYOUT, new TopicPartition("orders", 0), 0);
        assertNotNull(cache.leadingOnFrom(new Position(other, new long[2])));
        assertEquals(FOOTPRINT, cache.bytes());
    }
}
