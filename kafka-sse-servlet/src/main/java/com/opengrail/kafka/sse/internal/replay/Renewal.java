package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.source.KafkaSource;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Says when a reader is to replace its consumer, and how long it rests after a log-in that was refused. A consumer knows old
 * addresses of brokers, and old keys, for as long as it lives. But each one writes up to twenty lines to the log.
 *
 * <p>Threads: not safe; belongs to the owner of the consumer.
 */
final class Renewal {
    /** Without an answer for so long, the addresses of the brokers may have changed. */
    static final long LONG_NANOS = Duration.ofMinutes(5).toNanos();

    /** Who does not poll does not learn new addresses either. */
    static final long IDLE_NANOS = Duration.ofMinutes(4).toNanos();

    static final long REST_NANOS = Duration.ofSeconds(20).toNanos();

    private final KafkaSource source;
    private final LongSupplier nanoTime;
    private Consumer<?, ?> consumer;
    private long answeredAt;
    private long usedAt;
    private long restsUntil;

    Renewal(KafkaSource source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
        this.restsUntil = nanoTime.getAsLong();
    }

    void made(Consumer<?, ?> made) {
        consumer = made;
        answered();
    }

    void answered() {
        answeredAt = nanoTime.getAsLong();
        usedAt = answeredAt;
    }

    /** A turn has failed, or there was no answer. True if the consumer is to be replaced. */
    boolean isDueAfter(Throwable failure) {
        usedAt = nanoTime.getAsLong();
        if (source.isOutdatedBy(consumer, failure)) {
            return true;
        }
        restAfter(failure);
        return usedAt - answeredAt > LONG_NANOS && isOfConnection(failure);
    }

    /** Other refusals are answers, too. While no broker accepts connections, another consumer would get no further. */
    private boolean isOfConnection(Throwable failure) {
        return failure instanceof AuthenticationException
                || failure instanceof TimeoutException && source.isReachable();
    }

    /** Another reader, whose connections last, may serve the lanes meanwhile. */
    void restAfter(Throwable failure) {
        if (failure instanceof AuthenticationException) {
            restsUntil = nanoTime.getAsLong() + REST_NANOS;
        }
    }

    /** How long the reader does nothing; not positive if it may go on. */
    long restNanos() {
        return restsUntil - nanoTime.getAsLong();
    }

    boolean isIdle() {
        return nanoTime.getAsLong() - usedAt > IDLE_NANOS;
    }
}
