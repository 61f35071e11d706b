package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.gzip.ByteBudget;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.Batch;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/**
 * The batches read lately, by the positions that they follow. Clients that read the same part of the log at about the same
 * time cost one reading.
 *
 * <p>Limits: bounded in bytes. The batch that was used longest ago is dropped first, also for the cursors that are in it. So
 * is what has been compressed of it.
 *
 * <p>Threads: safe. The lock is held for a few assignments, or one look at each batch. Dropping a batch takes the locks of
 * those who compress its frames, one after the other.
 */
final class BatchCache {
    /** How long batches are kept for clients that do not come. */
    static final long KEPT_MILLIS = 10_000;

    private final long maxBytes;
    private final ByteBudget compressed;
    private final LongSupplier nanoTime;

    /** Guarded by this. */
    private final Map<Position, Batch> batches = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    /** When anybody last asked. */
    private long usedAt;

    BatchCache(long maxBytes, ByteBudget compressed, LongSupplier nanoTime) {
        this.maxBytes = maxBytes;
        this.compressed = compressed;
        this.nanoTime = nanoTime;
        this.usedAt = nanoTime.getAsLong();
    }

    /** The batch that leads on from a position and skips least, or {@code null}. */
    synchronized Batch leadingOnFrom(Position position) {
        usedAt = nanoTime.getAsLong();
        Batch after = batches.get(position);
        if (after != null) {
            return after;
        }
        return batches.values().stream()
                .filter(batch -> batch.leadsOnFrom(position))
                .max(Comparator.comparingLong(batch -> batch.from().sumOfOffsets()))
                .map(nearest -> batches.get(nearest.from()))
                .orElse(null);
    }

    /** Keeps a batch. Gives the one that all clients at its position are to read, which another reader may have made. */
    synchronized Batch keep(Batch batch) {
        Batch kept = batches.putIfAbsent(batch.from(), batch);
        if (kept != null) {
            return kept;
        }
        bytes += batch.footprint();
        dropIf(eldest -> bytes > maxBytes && eldest != batch);
        dropCompressed();
        return batch;
    }

    private void dropCompressed() {
        Iterator<Batch> eldest = batches.values().iterator();
        while (compressed.isShort() && eldest.hasNext()) {
            eldest.next().dropCompressed();
        }
    }

    /** Drops the batches that reach past an offset to which a partition's log has been truncated. */
    synchronized void truncated(Layout layout, TopicPartition partition, long to) {
        int index = layout.indexOf(partition);
        dropIf(batch -> batch.from().layout() == layout && batch.end().next()[index] > to);
    }

    /** Drops all batches if nobody has asked for one for a while. */
    synchronized void dropIfUnused() {
        boolean isUnused = nanoTime.getAsLong() - usedAt >= TimeUnit.MILLISECONDS.toNanos(KEPT_MILLIS);
        dropIf(any -> isUnused);
    }

    /** Asks about each batch, the one that was used longest ago first. */
    private void dropIf(Predicate<Batch> isToGo) {
        batches.values().removeIf(batch -> {
            boolean goes = isToGo.test(batch);
            if (goes) {
                bytes -= batch.footprint();
                batch.drop();
            }
            return goes;
        });
    }

    synchronized long bytes() {
        return bytes;
    }
}
