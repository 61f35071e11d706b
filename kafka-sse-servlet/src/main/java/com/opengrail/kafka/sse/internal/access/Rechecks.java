package com.opengrail.kafka.sse.internal.access;

import com.opengrail.kafka.sse.internal.threads.Deadline.Ending;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.threads.PayerShares;
import com.opengrail.kafka.sse.internal.threads.PayerTurns;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The threads that run foreign code while streams last: checks of the application, roles, sessions. Such code may be slow,
 * so it runs neither on a thread that writes nor on the timer. Without questions there are no threads.
 *
 * <p>Limits: so many checks run at once, and payers share them. Those that hang for one payer do not hold up the others.
 *
 * <p>Threads: safe.
 */
public final class Rechecks implements AutoCloseable {
    static final int MOST_AT_ONCE = 64;

    private static final long IDLE_SECONDS = 10;

    /** Whether a stream may continue. */
    static final class Question extends FutureTask<Void> {
        private final String payer;

        private Question(String payer, Runnable question) {
            super(question, null);
            this.payer = payer;
        }
    }

    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor threads;
    private final PayerShares shares = new PayerShares(MOST_AT_ONCE);

    /** Guarded by itself. */
    private final PayerTurns<Question> waiting = new PayerTurns<>();

    /** Has threads of its own, because checks that hang are no matter of sessions. */
    private final ThreadPoolExecutor sessionThreads;

    private final SessionQuestions ofSessions;

    public Rechecks(String name, EngineThreads engine) {
        threads = threads(name + "-check-", engine);
        sessionThreads = threads(name + "-session-", engine);
        ofSessions = new SessionQuestions(sessionThreads, MOST_AT_ONCE);
    }

    /** As many as are asked for. After {@link #close} all streams are ending, and questions are dropped. */
    private ThreadPoolExecutor threads(String prefix, EngineThreads engine) {
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> engine.newThread(task, prefix + made.incrementAndGet()),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Runs a question as soon as its payer may have a thread for it. */
    Question submit(String payer, Runnable something) {
        Question question = new Question(payer, something);
        add(question);
        startAll();
        return question;
    }

    private void add(Question question) {
        synchronized (waiting) {
            waiting.add(question.payer, question);
        }
    }

    /** Lets sessions be asked, and starts what waits. To be called now and then: what one lets go may be enough for two. */
    public void tick() {
        ofSessions.askAll();
        startAll();
    }

    /** Starts the questions for which there are threads. */
    private void startAll() {
        for (Question next = next(); next != null; next = next()) {
            start(next);
        }
    }

    private void start(Question question) {
        try {
            threads.execute(() -> runFrom(question));
        } catch (Throwable e) {
            // There is no memory for a thread.
            shares.release(question.payer, 1);
            add(question);
            throw e;
        }
    }

    private Question next() {
        synchronized (waiting) {
            return shares.hasRoomFor(1) ? waiting.poll((payer, next) -> shares.take(payer, 1)) : null;
        }
    }

    /** A question keeps what it throws to itself. The interrupt of one is not for the next. */
    private void runFrom(Question first) {
        for (Question question = first; question != null; question = next()) {
            Thread.interrupted();
            if (!threads.isShutdown()) {
                question.run();
            }
            shares.release(question.payer, 1);
        }
    }

    /** Ends a question, or takes it back if no thread has begun with it: such must not pile up while others hang. */
    void end(Question question) {
        question.cancel(true);
        synchronized (waiting) {
            waiting.remove(question.payer, question);
        }
    }

    /** For tests: the questions that wait for a thread. */
    boolean isAnyWaiting() {
        synchronized (waiting) {
            return !waiting.isEmpty();
        }
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

    public Stream<Ending> endings() {
        return Stream.of(threads, sessionThreads)
                .map(pool -> millis -> pool.awaitTermination(millis, TimeUnit.MILLISECONDS));
    }
}
