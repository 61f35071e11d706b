package com.opengrail.kafka.sse.internal.replay;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.cursor.Replays;
import com.opengrail.kafka.sse.internal.gzip.ByteBudget;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LogInPause;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.threads.PayerShares;
import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Segment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** The real replay readers, queue and cache without threads: whoever has one says when a reader has its turn. */
public final class ReplayModel implements Replays {
    /** Made once, since mocks are expensive and there are many models. */
    private static final KafkaSource NEVER_OUTDATED =
            mock(KafkaSource.class, withSettings().stubOnly());

    private final ReplayQueue queue;
    private final BatchCache cache;
    private final PayerShares kept;
    private long keptBytes;
    private final ByteBudget compressed;
    private final List<LaneReader> readers = new ArrayList<>();
    private int turns;

    public ReplayModel(
            ReplayOptions options,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Supplier<MapperChain> mappers,
            LongSupplier nanoTime) {
        queue = new ReplayQueue(options.threads(), nanoTime);
        cache = new BatchCache(options.cacheBytes(), new ByteBudget(Long.MAX_VALUE), System::nanoTime);
        kept = new PayerShares(options.keptBytes());
        compressed = new ByteBudget(options.compressedBytes());
        Counters counters = new Counters();
        ReplayHealth health = new ReplayHealth(counters, nanoTime);
        for (int i = 0; i < options.threads(); i++) {
            EventNames names = new EventNames(options.streamed());
            BatchReader batches = new BatchReader(consumers.get(), mappers.get(), names, counters, nanoTime);
            ReplayReader reader = new ReplayReader(batches, new AtomicBoolean(), options, cache, counters, nanoTime);
            Renewal never = new Renewal(
                    NEVER_OUTDATED, new LogInPause(Duration.ZERO, Duration.ZERO, Duration.ZERO, nanoTime), nanoTime);
            readers.add(new LaneReader(queue, reader, health, never, nanoTime));
        }
    }

    @Override
    public Replay.Read cached(Replay request) {
        Batch cached = cache.leadingOnFrom(request.position());
        return cached == null ? null : Replay.read(cached, request.position());
    }

    @Override
    public void truncated(Layout layout, TopicPartition partition, long to) {
        cache.truncated(layout, partition, to);
    }

    @Override
    public void serve(Replay request) {
        queue.add(request);
    }

    @Override
    public boolean keep(String payer, Segment segment) {
        boolean taken = kept.take(payer, segment.footprint());
        keptBytes += taken ? segment.footprint() : 0;
        return taken;
    }

    @Override
    public void release(String payer, Segment segment) {
        kept.release(payer, segment.footprint());
        keptBytes -= segment.footprint();
    }

    @Override
    public ByteBudget compressed() {
        return compressed;
    }

    /** The memory of all batches and of the segments that clients keep. */
    public long bytes() {
        return cache.bytes() + keptBytes;
    }

    /** One turn of a reader; says whether there was anything for it to do. */
    public boolean turn(int reader) {
        try {
            ReplayLane lane = queue.take(reader % readers.size(), 0);
            if (lane != null) {
                turns++;
                readers.get(reader % readers.size()).runOnce(lane);
                queue.giveBack(lane);
            }
            return lane != null;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The turns so far in which there was something to do. */
    public int turns() {
        return turns;
    }
}
