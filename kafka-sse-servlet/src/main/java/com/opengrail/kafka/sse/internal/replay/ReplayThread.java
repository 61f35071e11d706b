package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.feed.Refusal;
import com.opengrail.kafka.sse.internal.feed.Replays;
import com.opengrail.kafka.sse.internal.source.ConsumerClose;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a {@link ReplayReader} serve one request after the other, with a consumer that is let go when nobody has asked for
 * a while, and replaced, with growing pauses, when it failed.
 *
 * <p>Threads: this thread owns the consumer; {@link #stopReading} from anywhere.
 */
final class ReplayThread extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayThread.class);
    private static final long UNUSED_MILLIS = 30_000;
    private static final long SHORTEST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final ReplayPool pool;

    /** This thread's. */
    private long pauseMillis = SHORTEST_PAUSE_MILLIS;

    private volatile Consumer<byte[], byte[]> consumer;

    ReplayThread(ReplayPool pool, String name) {
        super(name);
        this.pool = pool;
        setDaemon(true);
    }

    void stopReading() {
        Consumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        interrupt();
    }

    @Override
    public void run() {
        try {
            while (!pool.isClosed()) {
                Replays.Request first = pool.next(UNUSED_MILLIS);
                if (first != null) {
                    serveAllFrom(first);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped", e);
        }
    }

    /** Serves with one consumer until nobody asks for a while, or the consumer fails. */
    private void serveAllFrom(Replays.Request first) throws InterruptedException {
        Replays.Request next = first;
        ReplayOptions options = pool.options();
        try (MapperChain mappers = pool.source().newMapperChain()) {
            consumer = pool.source().newReplayConsumer(getName(), options.bufferSize());
            ReplayReader reader = new ReplayReader(consumer, mappers, options.pollTimeout());
            while (next != null && !pool.isClosed()) {
                if (!next.isAbandoned()) {
                    reader.serve(next);
                    reader.report(pool.counters());
                    pauseMillis = SHORTEST_PAUSE_MILLIS;
                    pool.served();
                }
                next = pool.next(UNUSED_MILLIS);
            }
        } catch (RuntimeException e) {
            failed(e, next);
        } finally {
            letGo();
        }
    }

    private void letGo() {
        // The interrupt that ends a wait for requests is not to disturb the closing.
        boolean interrupted = Thread.interrupted();
        LOG.debug("Letting go of the consumer, interrupted: {}", interrupted);
        Consumer<byte[], byte[]> current = consumer;
        consumer = null;
        if (current != null) {
            ConsumerClose.promptly(current);
        }
    }

    private void failed(RuntimeException e, Replays.Request unserved) throws InterruptedException {
        if (pool.isClosed()) {
            return;
        }
        pool.failed(e);
        if (e instanceof AuthorizationException || e instanceof AuthenticationException) {
            LOG.error("Kafka refuses access to {}: {}", unserved.layout(), e.toString());
            unserved.refuse(new Refusal(
                    Refusal.Reason.NOT_AUTHORIZED, "Kafka refuses this server access to " + unserved.layout()));
            return;
        }
        LOG.warn("Cannot read older records of {} for now, trying again: {}", unserved.layout(), e.toString());
        LOG.debug("Cannot read older records", e);
        pool.awaitClose(pauseMillis);
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
        pool.serve(unserved);
    }
}
