package com.opengrail.kafka.sse.internal.source;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.AuthenticationException;

/**
 * Keeps questions back after a log-in that failed. The admin client waits before it logs in again. Each question would wait for
 * that, and log that it had no answer. To readers of replays it is the next log-in that is kept back.
 *
 * <p>Threads: safe.
 */
public final class LogInPause {
    private final long firstNanos;
    private final long nanos;
    private final long untriedNanos;
    private final LongSupplier nanoTime;

    /** Guarded by this, as all that follows: why the log-in failed last, or {@code null} if it did not. */
    private AuthenticationException refusal;

    /** When another log-in may be tried. */
    private long triedFrom;

    /** Somebody has been let pass since the refusal. */
    private boolean hasPassed;

    /**
     * No log-in has failed yet.
     *
     * @param first how long no question passes after a log-in that failed when none had failed before: the broker may have been
     *     about to start
     * @param length how long none passes after a later one
     * @param untried how long none passes after the same failure as before. Kafka's clients give it again until they have tried
     *     to log in once more. It is not longer than the one after a later failure
     */
    public LogInPause(Duration first, Duration length, Duration untried, LongSupplier nanoTime) {
        this.firstNanos = first.toNanos();
        this.nanos = length.toNanos();
        this.untriedNanos = Math.min(nanos, untried.toNanos());
        this.nanoTime = nanoTime;
    }

    /**
     * Lets a question pass.
     *
     * @throws AuthenticationException the last one, if it is too early for another log-in
     */
    public synchronized void pass() {
        if (refusal == null) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (now - triedFrom < 0) {
            throw refusal;
        }
        hasPassed = true;
        // One question is enough to see whether the log-in succeeds now.
        triedFrom = now + TimeUnit.MILLISECONDS.toNanos(SharedAdmin.ANSWER_MILLIS);
    }

    /**
     * Lets those pass who can wait until somebody else has logged in.
     *
     * @throws AuthenticationException the last one, if no question has been answered since
     */
    synchronized void requireLogIn() {
        if (refusal != null) {
            throw refusal;
        }
    }

    public synchronized void answered() {
        refusal = null;
    }

    /** A question has failed after it had passed. */
    public synchronized void failed(Throwable failure) {
        if (failure instanceof AuthenticationException e) {
            // Those that were refused at the same time say nothing new.
            if (refusal == null || hasPassed) {
                long pause = refusal == null ? firstNanos : refusal == e ? untriedNanos : nanos;
                triedFrom = nanoTime.getAsLong() + pause;
            }
            hasPassed = false;
            refusal = e;
        }
    }
}
