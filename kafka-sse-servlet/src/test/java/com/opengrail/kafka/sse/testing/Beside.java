package com.opengrail.kafka.sse.testing;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** What a test does on a thread of its own, beside others that mostly wait. */
public final class Beside {
    private final FutureTask<Void> task;

    private Beside(FutureTask<Void> task) {
        this.task = task;
    }

    /** Begins with it. */
    public static Beside start(String name, Step step) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            step.run();
            return null;
        });
        new Thread(task, name).start();
        return new Beside(task);
    }

    public boolean isDone() {
        return task.isDone();
    }

    /** Waits for its end, and fails as it has failed. */
    public void assertDone(Duration limit) throws Exception {
        try {
            task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** One step. */
    @FunctionalInterface
    public interface Step {
        void run() throws Exception;
    }
}
