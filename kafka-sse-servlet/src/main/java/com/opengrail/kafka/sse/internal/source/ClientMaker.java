package com.opengrail.kafka.sse.internal.source;

import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * Makes the clients of Kafka and their deserializers, but not again and again while that fails. An attempt that fails writes
 * several lines to the log.
 *
 * <p>Threads: safe. The lock is not held while a client is made.
 */
final class ClientMaker {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LongSupplier nanoTime;
    private final Function<KafkaException, NoClientException> naming;

    /** Guarded by this, as all that follows: why no client could be made last, or {@code null} if one could. */
    private NoClientException failure;

    private long pausesUntil;

    /** True while somebody tries again after a pause. */
    private boolean trying;

    /** One that says in its own way why a client cannot be made. */
    ClientMaker(LongSupplier nanoTime, Function<KafkaException, NoClientException> naming) {
        this.nanoTime = nanoTime;
        this.naming = naming;
    }

    /**
     * Makes a client.
     *
     * @throws NoClientException if it cannot be made, or if the last one could not and the pause after that is not over
     */
    <T> T make(Supplier<T> client) {
        boolean again = begin();
        try {
            T made = client.get();
            succeeded();
            return made;
        } catch (KafkaException e) {
            throw failed(naming.apply(e));
        } finally {
            if (again) {
                end();
            }
        }
    }

    /** True if this is the one who tries again after a pause. */
    private synchronized boolean begin() {
        if (failure == null) {
            return false;
        }
        if (trying || nanoTime.getAsLong() - pausesUntil < 0) {
            throw new NoClientException(failure);
        }
        trying = true;
        return true;
    }

    private synchronized void succeeded() {
        failure = null;
    }

    private synchronized NoClientException failed(NoClientException e) {
        pausesUntil = nanoTime.getAsLong() + PAUSE_NANOS;
        failure = e;
        return e;
    }

    private synchronized void end() {
        trying = false;
    }
}
