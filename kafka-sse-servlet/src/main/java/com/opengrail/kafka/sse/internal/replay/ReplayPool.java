package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.feed.Replays;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The queue of what clients need from the brokers, and the few readers that serve them, one slice each and in
 * turn, so that a long replay does not keep others waiting. The readers are started by the first that asks. What could
 * not be served has its next turn some time later, and does not keep others waiting either.
 *
 * <p>Threads: safe.
 */
public final class ReplayPool implements Replays, AutoCloseable {
    private final KafkaSource source;
    private final ReplayOptions options;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_CHECK_NANOS = RETRY_NANOS / 10;

    /** What replays keep at the most, besides what is for each client. */
    private static final long CACHE_BYTES = 8L << 20;

    private final Counters counters;
    private final BatchCache cache = new BatchCache(CACHE_BYTES);
    private final BlockingQueue<Request> waiting = new LinkedBlockingQueue<>();
    private final Queue<Failed> failed = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final List<ReplayThread> threads = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong consecutiveFailures = new AtomicLong();
    private volatile String lastError = "";

    /** A request that could not be served, and when it is to be tried again. */
    private record Failed(Request request, long dueAt) {}

    public ReplayPool(KafkaSource source, ReplayOptions options, Counters counters) {
        this.source = source;
        this.options = options;
        this.counters = counters;
        for (int i = 1; i <= options.threads(); i++) {
            threads.add(new ReplayThread(this, options.name() + "-replay-" + i));
        }
    }

    @Override
    public void serve(Request request) {
        if (isClosed()) {
            return;
        }
        waiting.add(request);
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

    /** Queues a request that could not be served, for some time later. */
    void serveLater(Request request) {
        failed.add(new Failed(request, System.nanoTime() + RETRY_NANOS));
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

    /** The next in turn, or {@code null} if none comes within a time. */
    Request next(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        Request next = null;
        long left = 1;
        while (next == null && left > 0 && !isClosed()) {
            requeueDue();
            left = end - System.nanoTime();
            next = waiting.poll(failed.isEmpty() ? left : Math.min(left, RETRY_CHECK_NANOS), TimeUnit.NANOSECONDS);
        }
        return next;
    }

    private void requeueDue() {
        Failed oldest = failed.peek();
        while (oldest != null && oldest.dueAt() - System.nanoTime() <= 0) {
            if (failed.remove(oldest)) {
                waiting.add(oldest.request());
            }
            oldest = failed.peek();
        }
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
