package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.OwnedConsumer;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.window.EventNames;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a {@link LaneReader} work, with a consumer that is kept while it is well and in use: making one is expensive.
 *
 * <p>Threads: this thread owns the consumer; {@link #stopReading} from anywhere.
 */
final class ReplayThread extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayThread.class);

    private final ReplayPool pool;
    private final int number;
    private final OwnedConsumer owned = new OwnedConsumer();
    private final Renewal renewal;
    private final CountDownLatch end;

    /** A reader of a pool. Its rests are over when {@code end} is counted down. */
    ReplayThread(ReplayPool pool, int number, String name, CountDownLatch end) {
        super(null, null, name, EngineThreads.USUAL_STACK, false);
        this.end = end;
        this.pool = pool;
        this.number = number;
        this.renewal = new Renewal(pool.source, pool.logIns, pool.nanoTime);
    }

    void stopReading() {
        end.countDown();
        owned.interrupt(this);
    }

    @Override
    public void run() {
        try {
            while (!pool.isClosed()) {
                serve();
            }
        } finally {
            owned.letGo();
        }
    }

    private void serve() {
        try {
            ReplayLane lane = take();
            if (lane != null) {
                serveFrom(lane);
            }
        } catch (InterruptedException e) {
            LOG.debug("Interrupted", e);
        }
    }

    /** Serves with one consumer until it is to be replaced, or is idle. */
    private void serveFrom(ReplayLane first) throws InterruptedException {
        ReplayLane lane = first;
        try (MapperChain mappers = pool.source.newMapperChain()) {
            AtomicBoolean news = new AtomicBoolean();
            Consumer<byte[], byte[]> consumer = newConsumer(() -> news.set(true));
            EventNames names = new EventNames(pool.options.streamed());
            BatchReader batches = new BatchReader(consumer, mappers, names, pool.counters, pool.nanoTime);
            ReplayReader reader =
                    new ReplayReader(batches, news, pool.options, pool.cache, pool.counters, pool.nanoTime);
            LaneReader lanes = new LaneReader(pool.queue, reader, pool.health, renewal, pool.nanoTime);
            boolean isWell = true;
            while (isWell && owned.get() != null && !pool.isClosed()) {
                if (lane != null) {
                    isWell = lanes.runOnce(lane);
                    pool.queue.giveBack(lane);
                }
                // It is given back once, also if the next one cannot be taken.
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
        }
    }

    /** Where one has failed it is closed no earlier than another is made: closing writes lines to the log, too. */
    private Consumer<byte[], byte[]> newConsumer(Runnable metadataChanged) {
        pool.logIns.pass();
        owned.outdated();
        Consumer<byte[], byte[]> made = owned.getOrMake(() -> pool.source.newReplayConsumer(
                getName(), pool.options.bufferSize(), pool.options.fetchBytes(), metadataChanged));
        renewal.made(made);
        return made;
    }

    /** The next lane with work. While there is none, what was kept for clients that do not come is dropped. */
    private ReplayLane take() throws InterruptedException {
        long rest = renewal.restNanos();
        while (rest > 0 && !end.await(rest, TimeUnit.NANOSECONDS)) {
            rest = renewal.restNanos();
        }
        if (owned.get() != null && renewal.isOutdated()) {
            owned.letGo();
            return null;
        }
        ReplayLane lane = pool.queue.take(number, BatchCache.KEPT_MILLIS);
        if (lane == null) {
            pool.cache.dropIfUnused();
            if (renewal.isIdle()) {
                owned.letGo();
            }
        }
        return lane;
    }

    /** Without a consumer nothing can be read. Each request fails, one after the other. */
    private void withoutConsumer(Throwable e, ReplayLane lane) {
        Replay request = pool.isClosed() || lane == null ? null : pool.queue.request(lane);
        if (request != null) {
            renewal.restAfter(e);
            pool.health.failed(e, "older records");
            pool.queue.failed(lane, request);
        }
    }
}
