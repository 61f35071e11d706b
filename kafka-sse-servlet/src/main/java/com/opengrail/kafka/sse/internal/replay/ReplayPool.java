package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.cursor.Replays;
import com.opengrail.kafka.sse.internal.gzip.ByteBudget;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LogInPause;
import com.opengrail.kafka.sse.internal.threads.Deadline;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.threads.PayerShares;
import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.Segment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * The few readers that feed replaying clients, one batch each and in turn, so that a long replay does not keep others waiting.
 * The first request starts them.
 *
 * <p>Threads: safe.
 */
public final class ReplayPool implements Replays, AutoCloseable {
    /** Each writes eight lines to the log, and as many when the consumer is made for it. */
    private static final Duration BETWEEN_LOG_INS = Duration.ofSeconds(65);

    final KafkaSource source;
    final ReplayOptions options;
    final Counters counters;
    final BatchCache cache;
    final ReplayQueue queue;
    final ReplayHealth health;

    /** Keeps readers from log-ins that would be refused. */
    final LogInPause logIns;

    final LongSupplier nanoTime;

    private final PayerShares kept;
    private final ByteBudget compressed;
    private final AtomicBoolean started = new AtomicBoolean();
    private final List<ReplayThread> readers = new ArrayList<>();
    private volatile boolean closed;

    public ReplayPool(
            KafkaSource source,
            ReplayOptions options,
            Counters counters,
            EngineThreads threads,
            LongSupplier nanoTime) {
        this.source = source;
        this.options = options;
        this.counters = counters;
        this.nanoTime = nanoTime;
        this.health = new ReplayHealth(counters, nanoTime);
        this.logIns = new LogInPause(Renewal.REST, BETWEEN_LOG_INS, BETWEEN_LOG_INS, nanoTime);
        this.queue = new ReplayQueue(options.threads(), nanoTime);
        this.compressed = new ByteBudget(options.compressedBytes());
        this.cache = new BatchCache(options.cacheBytes(), compressed, nanoTime);
        this.kept = new PayerShares(options.keptBytes());
        for (int i = 0; i < options.threads(); i++) {
            String name = options.name() + "-replay-" + (i + 1);
            readers.add(threads.adopt(new ReplayThread(this, i, name, new CountDownLatch(1))));
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
        if (closed) {
            return;
        }
        queue.add(request);
        if (!started.get() && started.compareAndSet(false, true)) {
            readers.forEach(Thread::start);
        }
    }

    @Override
    public boolean keep(String payer, Segment segment) {
        return kept.take(payer, segment.footprint());
    }

    @Override
    public void release(String payer, Segment segment) {
        kept.release(payer, segment.footprint());
    }

    @Override
    public ByteBudget compressed() {
        return compressed;
    }

    public String lastError() {
        return health.lastError();
    }

    public long consecutiveFailures() {
        return health.consecutiveFailures();
    }

    boolean isClosed() {
        return closed;
    }

    /** True if no thread has ended before it was told to. */
    public boolean isAlive() {
        return closed
                || !started.get()
                || readers.stream().noneMatch(thread -> thread.getState() == Thread.State.TERMINATED);
    }

    /** Tells the threads to stop and to let go of Kafka; does not wait for it. */
    @Override
    public void close() {
        closed = true;
        readers.forEach(ReplayThread::stopReading);
    }

    /** Waits for the threads to end, for a limited time. */
    public void awaitEnd(long millis) {
        Deadline.in(Duration.ofMillis(millis)).await(readers.stream().map(reader -> reader::join));
    }
}
