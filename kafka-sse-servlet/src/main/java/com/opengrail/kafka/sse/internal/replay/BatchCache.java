package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.feed.Batch;
import com.opengrail.kafka.sse.internal.feed.Place;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The batches read lately, by the places that they follow: clients that read the same part of the log at about the same
 * time cost one reading.
 *
 * <p>Limits: bounded in bytes; the batch used longest ago goes first.
 *
 * <p>Threads: safe; the lock is held for a few assignments, or one look at each batch.
 */
public final class BatchCache {
    private final long maxBytes;

    /** Guarded by this. */
    private final Map<Place, Batch> batches = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    public BatchCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The batch that follows a place, or {@code null}. */
    synchronized Batch after(Place place) {
        return batches.get(place);
    }

    /** The batch that leads on from a place without leaving anything out and begins nearest to it, or {@code null}. */
    synchronized Batch before(Place place) {
        Batch nearest = null;
        for (Batch batch : batches.values()) {
            if (batch.leadsOnFrom(place)
                    && (nearest == null
                            || batch.from().offsets() > nearest.from().offsets())) {
                nearest = batch;
            }
        }
        return nearest == null ? null : batches.get(nearest.from());
    }

    /** Keeps a batch, unless another reader has been faster; gives what all who come from that place are to be served with. */
    synchronized Batch keep(Batch batch) {
        Batch kept = batches.putIfAbsent(batch.from(), batch);
        if (kept != null) {
            return kept;
        }
        bytes += batch.footprint();
        Iterator<Batch> eldest = batches.values().iterator();
        while (bytes > maxBytes && eldest.hasNext()) {
            bytes -= eldest.next().footprint();
            eldest.remove();
        }
        return batch;
    }

    synchronized void clear() {
        batches.clear();
        bytes = 0;
    }
}
