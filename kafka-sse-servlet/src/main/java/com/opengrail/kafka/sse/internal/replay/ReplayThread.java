package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.OwnedConsumer;
import com.opengrail.kafka.sse.internal.window.EventNames;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a {@link LaneReader} work, with a consumer that is kept until the thread ends: making one is expensive.
 *
 * <p>Threads: this thread owns the consumer; {@link #stopReading} from anywhere.
 */
final class ReplayThread extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayThread.class);

    private final ReplayPool pool;
    private final int number;
    private final OwnedConsumer owned = new OwnedConsumer();

    ReplayThread(ReplayPool pool, int number, String name) {
        super(name);
        this.pool = pool;
        this.number = number;
    }

    void stopReading() {
        owned.interrupt(this);
    }

    @Override
    public void run() {
        while (!pool.isClosed()) {
            try {
                ReplayLane lane = take();
                if (lane != null) {
                    serveFrom(lane);
                }
            } catch (InterruptedException e) {
                LOG.debug("Interrupted", e);
            }
        }
    }

    /** Serves with one consumer until something fails that is not Kafka's. */
    private void serveFrom(ReplayLane first) throws InterruptedException {
        ReplayLane lane = first;
        try (MapperChain mappers = pool.source.newMapperChain()) {
            AtomicBoolean news = new AtomicBoolean();
            Consumer<byte[], byte[]> consumer = owned.getOrMake(() -> pool.source.newReplayConsumer(
                    getName(), pool.options.bufferSize(), pool.options.fetchBytes(), () -> news.set(true)));
            EventNames names = new EventNames(pool.options.streamed());
            BatchReader batches = new BatchReader(consumer, mappers, names, pool.counters, pool.nanoTime);
            ReplayReader reader =
                    new ReplayReader(batches, news, pool.options, pool.cache, pool.counters, pool.nanoTime);
            LaneReader lanes =
                    new LaneReader(pool.queue, reader, pool.health, pool.source::isOutdatedBy, pool.nanoTime);
            boolean isWell = true;
            while (isWell && !pool.isClosed()) {
                if (lane != null) {
                    isWell = lanes.runOnce(lane);
                    pool.queue.giveBack(lane);
                }
                lane = null;
                lane = isWell ? take() : null;
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            withoutConsumer(e, lane);
        } finally {
            if (lane != null) {
                pool.queue.giveBack(lane);
            }
            owned.letGo();
        }
    }

    /** The next lane with work. Batches that were kept for clients that do not come are dropped. */
    private ReplayLane take() throws InterruptedException {
        ReplayLane lane = pool.queue.take(number, BatchCache.KEPT_MILLIS);
        if (lane == null) {
            pool.cache.dropIfUnused();
        }
        return lane;
    }

    /** Without a consumer nothing can be read. Each request fails, one after the other. */
    private void withoutConsumer(Throwable e, ReplayLane lane) {
        Replay request = pool.isClosed() || lane == null ? null : pool.queue.request(lane);
        if (request != null) {
            pool.health.failed(e, "older records");
            pool.queue.failed(lane, request);
        }
    }
}
