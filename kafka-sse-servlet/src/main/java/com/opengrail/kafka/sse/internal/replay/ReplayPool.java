package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.feed.Replays;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The few readers that serve what clients need from the brokers, one slice each and in turn, so that a long replay does
 * not keep others waiting. They are started by the first that asks.
 *
 * <p>Threads: safe.
 */
public final class ReplayPool implements Replays, AutoCloseable {
    private final KafkaSource source;
    private final ReplayOptions options;

    private final Counters counters;
    private final BatchCache cache;
    private final ReplayQueue queue;
    private final AtomicBoolean started = new AtomicBoolean();
    private final List<ReplayThread> threads = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong consecutiveFailures = new AtomicLong();
    private volatile String lastError = "";

    public ReplayPool(KafkaSource source, ReplayOptions options, Counters counters) {
        this.source = source;
        this.options = options;
        this.counters = counters;
        this.cache = new BatchCache(options.cacheBytes());
        this.queue = new ReplayQueue(options.threads(), cache);
        for (int i = 0; i < options.threads(); i++) {
            threads.add(new ReplayThread(this, i, options.name() + "-replay-" + (i + 1)));
        }
    }

    @Override
    public void serve(Request request) {
        if (isClosed()) {
            return;
        }
        queue.add(request);
        if (!started.get() && started.compareAndSet(false, true)) {
            threads.forEach(Thread::start);
        }
    }

    KafkaSource source() {
        return source;
    }

    ReplayOptions options() {
        return options;
    }

    ReplayQueue queue() {
        return queue;
    }

    BatchCache cache() {
        return cache;
    }

    Counters counters() {
        return counters;
    }

    /** A thread has failed. */
    void failed(Throwable e) {
        counters.replayFailed();
        consecutiveFailures.incrementAndGet();
        lastError = e.toString();
    }

    /** The last failure, or an empty string if there was none. */
    public String lastError() {
        return lastError;
    }

    /** A request has been served. */
    void served() {
        if (consecutiveFailures.get() > 0) {
            consecutiveFailures.set(0);
        }
    }

    /** The failures since a request was last served. */
    public long consecutiveFailures() {
        return consecutiveFailures.get();
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Waits for a time, or until the pool is closed. */
    void awaitClose(long millis) throws InterruptedException {
        closed.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Whether none of the threads has ended before it was told to. */
    public boolean isAlive() {
        return isClosed()
                || !started.get()
                || threads.stream().noneMatch(thread -> thread.getState() == Thread.State.TERMINATED);
    }

    /** Tells the threads to stop and to let go of Kafka; does not wait for it. */
    @Override
    public void close() {
        closed.countDown();
        threads.forEach(ReplayThread::stopReading);
    }

    /** Waits for the threads to end, for a limited time. */
    public void awaitEnd(long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (ReplayThread thread : threads) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
