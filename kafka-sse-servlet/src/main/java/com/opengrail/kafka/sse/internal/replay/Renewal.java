package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LogInPause;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Says when a reader is to replace its consumer, and how long it rests after a log-in that was refused or while no broker can
 * be reached. A consumer knows old addresses of brokers, and old keys, for as long as it lives. But each one writes up to twenty
 * lines to the log, and each log-in that is refused eight. One that polls while brokers are away pauses for longer and longer
 * before it connects.
 *
 * <p>Threads: not safe; belongs to the owner of the consumer.
 */
final class Renewal {
    /** Without an answer for so long, the addresses of the brokers may have changed. */
    static final long LONG_NANOS = Duration.ofMinutes(5).toNanos();

    /** Who does not poll does not learn new addresses either. */
    static final long IDLE_NANOS = Duration.ofMinutes(4).toNanos();

    static final Duration REST = Duration.ofSeconds(20);
    static final long REST_NANOS = REST.toNanos();

    /** So soon it looks again whether a broker can be reached. */
    static final long LOOK_NANOS = Duration.ofMillis(500).toNanos();

    /** From then on it tries all the same: brokers may be at addresses which only the consumer knows. */
    static final long AWAY_NANOS = Duration.ofSeconds(30).toNanos();

    private final KafkaSource source;
    private final LogInPause logIns;
    private final LongSupplier nanoTime;
    private Consumer<?, ?> consumer;

    /** Why the consumer could not log in last, or {@code null} if that is not known to be in vain. */
    private AuthenticationException refusal;

    /** The next answer counts as that of a log-in. Later ones may be those of connections that were there before. */
    private boolean isLoggingIn;

    private long answeredAt;
    private long usedAt;
    private long restsUntil;

    /** Until then it rests while no broker can be reached. */
    private long awayUntil;

    /** Of one reader. It shares {@code logIns} with the others. */
    Renewal(KafkaSource source, LogInPause logIns, LongSupplier nanoTime) {
        this.source = source;
        this.logIns = logIns;
        this.nanoTime = nanoTime;
        this.restsUntil = nanoTime.getAsLong();
        this.awayUntil = restsUntil;
    }

    void made(Consumer<?, ?> made) {
        consumer = made;
        refusal = null;
        isLoggingIn = true;
        answeredAt = nanoTime.getAsLong();
        usedAt = answeredAt;
    }

    void answered() {
        answeredAt = nanoTime.getAsLong();
        usedAt = answeredAt;
        refusal = null;
        if (isLoggingIn) {
            isLoggingIn = false;
            logIns.answered();
        }
    }

    /** A turn has failed, or there was no answer. True if the consumer is to be replaced. */
    boolean isDueAfter(Throwable failure) {
        usedAt = nanoTime.getAsLong();
        if (failure instanceof AuthenticationException refused) {
            refusal = refused;
            logIns.failed(refused);
        }
        restAfter(failure);
        boolean isSilence = failure instanceof TimeoutException;
        boolean isAway = isSilence && !source.isReachable();
        awayUntil = isAway ? usedAt + AWAY_NANOS : usedAt;
        // Other refusals are answers, too. While no broker accepts connections, another consumer would get no further.
        boolean isOfConnection = failure instanceof AuthenticationException || isSilence && !isAway;
        return isOutdated() || usedAt - answeredAt > LONG_NANOS && isOfConnection;
    }

    /** True if no broker could be reached the last time that there was no answer. */
    boolean isAway() {
        return awayUntil - nanoTime.getAsLong() > 0;
    }

    /** True if another consumer may log in where this one was refused. Then it is to try that at once. */
    boolean isOutdated() {
        boolean isOutdated = refusal != null && source.isOutdatedBy(consumer, refusal);
        if (isOutdated) {
            logIns.answered();
            restsUntil = nanoTime.getAsLong();
        }
        return isOutdated;
    }

    /** Another reader, whose connections last, may serve the lanes meanwhile. */
    void restAfter(Throwable failure) {
        if (failure instanceof AuthenticationException) {
            restsUntil = nanoTime.getAsLong() + REST_NANOS;
        }
    }

    /** How long the reader does nothing; not positive if it may go on. One of those that were refused tries to log in again. */
    long restNanos() {
        if (isAway() && !source.isReachable()) {
            return LOOK_NANOS;
        }
        awayUntil = nanoTime.getAsLong();
        long left = restsUntil - nanoTime.getAsLong();
        if (left > 0 || refusal == null || isOutdated()) {
            return left;
        }
        try {
            logIns.pass();
            refusal = null;
            isLoggingIn = true;
            return 0;
        } catch (AuthenticationException e) {
            restAfter(e);
            return REST_NANOS;
        }
    }

    boolean isIdle() {
        return nanoTime.getAsLong() - usedAt > IDLE_NANOS;
    }
}
