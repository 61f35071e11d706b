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
    /** So often a question passes all the same: brokers that are not known may be there. */
    private static final long AWAY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final BooleanSupplier away;
    private final long refusedNanos;
    private final LongSupplier nanoTime;

    /** Guarded by this, as all that follows: why the log-in failed last, or {@code null}. */
    private AuthenticationException refusal;

    private long refusedAt;

    /** True if no broker could be reached when the last question came. */
    private boolean wasAway;

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
     * Lets a question pass.
     *
     * @throws KafkaException if it would be in vain, with the reason
     */
    synchronized void pass() {
        long now = nanoTime.getAsLong();
        if (refusal != null && now - refusedAt < refusedNanos) {
            throw refusal;
        }
        refusal = null;
        boolean isAway = away.getAsBoolean();
        boolean passes = !isAway || wasAway && now - passedAt >= AWAY_NANOS;
        if (passes || !wasAway) {
            passedAt = now;
        }
        wasAway = isAway;
        if (!passes) {
            throw new TimeoutException("No broker accepts connections");
        }
    }

    synchronized void failed(Throwable failure) {
        if (failure instanceof AuthenticationException e) {
            refusal = e;
            refusedAt = nanoTime.getAsLong();
        }
    }
}
