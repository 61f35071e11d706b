package com.opengrail.kafka.sse.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;

/** Lets several things be done at the same moment, each by a thread of its own. */
public final class Race {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Race() {}

    /** One of the things. */
    public interface Part {
        void run() throws Exception;
    }

    /** Returns when all are done; an {@link AssertionError} says what they threw, or that one has not come to its end. */
    public static void run(Part... parts) throws InterruptedException {
        CyclicBarrier start = new CyclicBarrier(parts.length);
        Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (Part part : parts) {
            Thread thread = new Thread(() -> run(part, start, thrown), "race-part");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join(LIMIT.toMillis());
            if (thread.isAlive()) {
                throw new AssertionError("not done after " + LIMIT + ": " + List.of(thread.getStackTrace()));
            }
        }
        if (!thrown.isEmpty()) {
            AssertionError failure = new AssertionError("thrown in a race: " + thrown, thrown.peek());
            thrown.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    private static void run(Part part, CyclicBarrier start, Queue<Throwable> thrown) {
        try {
            start.await();
            part.run();
        } catch (Exception | AssertionError e) {
            thrown.add(e);
        }
    }
}
