package com.opengrail.kafka.sse.internal.client;

import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run foreign code while streams last: checks of the application, roles, session listeners. Such code
 * may be slow, so it runs neither on a thread that writes nor on the timer. Without questions there are no threads.
 *
 * <p>Threads: safe.
 */
final class Rechecks implements AutoCloseable {
    /** Several, so that a check that hangs does not hold up the others. */
    private static final int MOST_THREADS = 8;

    private static final long IDLE_SECONDS = 10;

    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor threads;

    Rechecks(String name) {
        threads = new ThreadPoolExecutor(
                MOST_THREADS,
                MOST_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, name + "-check-" + made.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Runs a question. After {@link #close} it is dropped, because all streams are ending. */
    Future<?> submit(Runnable question) {
        return threads.submit(question);
    }

    /** Runs a task without a result. It must not fail. */
    void execute(Runnable task) {
        threads.execute(task);
    }

    /** Interrupts the questions that still run. Does not wait for them. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    void awaitEnd(long millis) throws InterruptedException {
        threads.awaitTermination(millis, TimeUnit.MILLISECONDS);
    }
}
