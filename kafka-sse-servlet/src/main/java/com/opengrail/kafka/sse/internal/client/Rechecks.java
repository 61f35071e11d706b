package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.threads.Endings.Ending;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The threads that run foreign code while streams last: checks of the application, roles, sessions. Such code may be slow,
 * so it runs neither on a thread that writes nor on the timer. Without questions there are no threads.
 *
 * <p>Threads: safe.
 */
final class Rechecks implements AutoCloseable {
    /** So many that those which hang do not hold up the others. There is one as long as a question needs it. */
    static final int MOST_THREADS = 64;

    private static final long IDLE_SECONDS = 10;

    private final AtomicInteger made = new AtomicInteger();
    final ThreadPoolExecutor threads;

    /** Has threads of its own, because checks that hang are no matter of sessions. */
    private final ThreadPoolExecutor sessionThreads;

    private final SessionQuestions ofSessions;

    Rechecks(String name, EngineThreads engine) {
        threads = threads(name + "-check-", engine);
        sessionThreads = threads(name + "-session-", engine);
        ofSessions = new SessionQuestions(sessionThreads, MOST_THREADS);
    }

    private ThreadPoolExecutor threads(String prefix, EngineThreads engine) {
        return new ThreadPoolExecutor(
                0,
                MOST_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new HandOver(),
                task -> engine.newThread(task, prefix + made.incrementAndGet()),
                Rechecks::queue);
    }

    /** All threads are busy, or all streams are ending. */
    private static void queue(Runnable question, ThreadPoolExecutor threads) {
        if (!threads.isShutdown()) {
            threads.getQueue().add(question);
        }
    }

    /** Takes a question only if a thread waits for one. The pool starts another thread otherwise. */
    private static final class HandOver extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable question) {
            return tryTransfer(question);
        }

        /** Newer versions of Java would call {@link #offer}. */
        @Override
        public boolean add(Runnable question) {
            return super.offer(question);
        }
    }

    /** Runs a question. After {@link #close} it is dropped, because all streams are ending. */
    Future<?> submit(Runnable question) {
        return threads.submit(question);
    }

    /** Takes a question back if no thread has begun with it: such must not pile up while all threads hang. */
    void takeBack(Future<?> question) {
        threads.remove((Runnable) question);
    }

    SessionQuestions ofSessions() {
        return ofSessions;
    }

    /** Interrupts the questions that still run. Does not wait for them. */
    @Override
    public void close() {
        threads.shutdownNow();
        sessionThreads.shutdownNow();
    }

    Stream<Ending> endings() {
        return Stream.of(threads, sessionThreads)
                .map(pool -> millis -> pool.awaitTermination(millis, TimeUnit.MILLISECONDS));
    }
}
