package com.opengrail.kafka.sse.internal.source;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Keeps questions back that the admin client would not send: while it waits to log in again, and while no broker can be
 * reached. For each it would wait some seconds, try to connect now and then, and log that.
 *
 * <p>Threads: safe.
 */
final class QuestionGate {
    /** So often a question passes although no broker can be reached: there may be some that are not known. */
    private static final long AWAY_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** From then on the admin client does not notice at once that brokers are back: its pauses between attempts grow. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(8);

    private static final long VERY_LONG_NANOS = TimeUnit.SECONDS.toNanos(55);

    private final BooleanSupplier away;
    private final long refusedNanos;
    private final LongSupplier nanoTime;

    /** Guarded by this, as all that follows: why the log-in failed last, or {@code null} if it did not. */
    private AuthenticationException refusal;

    /** When another log-in may be tried. */
    private long triedFrom;

    /** True if no broker could be reached when the last question came. */
    private boolean wasAway;

    private long awayAt;

    /** When a question last passed, or the absence was noticed. */
    private long passedAt;

    /**
     * A gate that is open.
     *
     * @param away whether no broker can be reached
     * @param refusedFor how long no question passes after a log-in that failed
     */
    QuestionGate(BooleanSupplier away, Duration refusedFor, LongSupplier nanoTime) {
        this.away = away;
        this.refusedNanos = refusedFor.toNanos();
        this.nanoTime = nanoTime;
    }

    /**
     * Lets a question pass. True if it is the first one after a long absence of the brokers.
     *
     * @throws KafkaException if it would be in vain, with the reason
     */
    synchronized boolean pass() {
        long now = nanoTime.getAsLong();
        boolean isAway = away.getAsBoolean();
        if (isAway && !wasAway) {
            awayAt = now;
            passedAt = now;
        }
        boolean areBack = !isAway && wasAway && now - awayAt >= LONG_NANOS;
        wasAway = isAway;
        if (isAway && now - passedAt < AWAY_NANOS) {
            throw new TimeoutException("No broker accepts connections");
        }
        if (refusal != null && now - triedFrom < 0) {
            throw refusal;
        }
        passedAt = now;
        if (refusal != null) {
            // One question is enough to see whether the log-in succeeds now.
            triedFrom = now + TimeUnit.MILLISECONDS.toNanos(SharedAdmin.ANSWER_MILLIS);
        }
        return areBack;
    }

    /** True if no broker could be reached for about a minute, up to the last question. */
    synchronized boolean isAwayForVeryLong() {
        return wasAway && nanoTime.getAsLong() - awayAt >= VERY_LONG_NANOS;
    }

    synchronized void answered() {
        refusal = null;
    }

    synchronized void failed(Throwable failure) {
        if (failure instanceof AuthenticationException e) {
            refusal = e;
            triedFrom = nanoTime.getAsLong() + refusedNanos;
        }
    }
}
