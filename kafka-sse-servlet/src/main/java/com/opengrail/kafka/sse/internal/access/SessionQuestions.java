package com.opengrail.kafka.sse.internal.access;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The questions to sessions. Sessions are many and mostly answer at once, so one thread asks them in turn. When it hangs,
 * others join it.
 *
 * <p>Threads: safe; {@link #askAll} is the timer's.
 */
class SessionQuestions {
    private final Executor threads;
    private final int mostThreads;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** The threads that ask. */
    private final AtomicInteger asking = new AtomicInteger();

    /** The number of questions that have been asked so far. */
    private final AtomicLong asked = new AtomicLong();

    /** The timer's. */
    private long askedBefore;

    SessionQuestions(Executor threads, int mostThreads) {
        this.threads = threads;
        this.mostThreads = mostThreads;
    }

    /** Adds a question, which must not fail. */
    void add(Runnable question) {
        waiting.add(question);
    }

    /** Lets them be asked. If none has been asked since this was last called, the threads that ask hang, and as many join. */
    void askAll() {
        long before = askedBefore;
        askedBefore = asked.get();
        int busy = asking.get();
        if (waiting.isEmpty() || busy > 0 && askedBefore != before) {
            return;
        }
        int more = busy == 0 ? 1 : Math.min(busy, mostThreads - busy);
        for (int i = 0; i < more; i++) {
            asking.incrementAndGet();
            threads.execute(this::askInTurn);
        }
    }

    private void askInTurn() {
        try {
            for (Runnable question = waiting.poll(); question != null; question = waiting.poll()) {
                asked.incrementAndGet();
                question.run();
            }
        } finally {
            asking.decrementAndGet();
        }
    }
}
