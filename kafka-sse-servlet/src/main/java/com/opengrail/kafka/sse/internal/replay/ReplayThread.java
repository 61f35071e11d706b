package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.feed.Place;
import com.opengrail.kafka.sse.internal.feed.Refusal;
import com.opengrail.kafka.sse.internal.feed.Replays;
import com.opengrail.kafka.sse.internal.source.ConsumerClose;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
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

    /** A shift that makes the longest pause of the shortest, and does not overflow. */
    private static final int MAX_SHIFT = 10;

    /** How long failures are only logged for who looks for them, after one was logged for everybody. */
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ReplayPool pool;
    private final int number;

    /** This thread's: when a failure was logged. */
    private long loggedAt = System.nanoTime() - QUIET_NANOS;

    private volatile Consumer<byte[], byte[]> consumer;

    ReplayThread(ReplayPool pool, int number, String name) {
        super(name);
        this.pool = pool;
        this.number = number;
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
        while (!pool.isClosed()) {
            try {
                Replays.Request first = pool.queue().next(number, UNUSED_MILLIS);
                if (first != null) {
                    serveAllFrom(first);
                }
            } catch (InterruptedException e) {
                LOG.debug("Interrupted", e);
            }
        }
    }

    /** Serves with one consumer until nobody asks for a while, or the consumer fails. */
    private void serveAllFrom(Replays.Request first) throws InterruptedException {
        Replays.Request next = first;
        ReplayOptions options = pool.options();
        boolean failed = false;
        try (MapperChain mappers = pool.source().newMapperChain()) {
            consumer = pool.source().newReplayConsumer(getName(), options.bufferSize());
            ReplayReader reader = new ReplayReader(
                    consumer,
                    mappers,
                    options,
                    pool.cache(),
                    place -> pool.queue().isStoodAtByAnother(number, place));
            while (next != null && !pool.isClosed()) {
                if (!next.isAbandoned()) {
                    serve(next, reader);
                }
                next = null;
                next = pool.queue().next(number, 0);
                if (next == null) {
                    readAhead(reader);
                    next = pool.queue().next(number, UNUSED_MILLIS);
                }
            }
        } catch (RuntimeException | Error e) {
            failed = !pool.isClosed() && isToBeTriedAgain(e, next);
        } finally {
            letGo();
        }
        long failures = pool.consecutiveFailures();
        if (failed && failures > 1) {
            pool.awaitClose(Math.min(LONGEST_PAUSE_MILLIS, SHORTEST_PAUSE_MILLIS << Math.min(failures, MAX_SHIFT)));
        }
    }

    private void serve(Replays.Request request, ReplayReader reader) {
        ReplayReader.Served served = reader.serve(request);
        pool.queue().standsAt(number, reader.stand());
        if (served == ReplayReader.Served.LATER) {
            pool.queue().addLater(request);
        } else if (served == ReplayReader.Served.ELSEWHERE) {
            pool.queue().add(request);
        }
        reader.report(pool.counters());
        pool.served();
    }

    /** Reads what who was served last is likely to ask for next, while nobody else asks for anything. */
    private void readAhead(ReplayReader reader) {
        Place place = reader.leadsOn();
        if (place == null) {
            return;
        }
        pool.queue().standsAt(number, place, place);
        boolean isAhead = false;
        try {
            isAhead = reader.readAhead();
        } catch (KafkaException e) {
            LOG.debug("Cannot read ahead from {}: who asks for it meets the failure again", place, e);
        }
        pool.queue().standsAt(number, reader.stand(), isAhead ? place : null);
        reader.report(pool.counters());
    }

    private void letGo() {
        // The interrupt that ends a wait for requests is not to disturb the closing.
        boolean interrupted = Thread.interrupted();
        LOG.debug("Letting go of the consumer, interrupted: {}", interrupted);
        Consumer<byte[], byte[]> current = consumer;
        consumer = null;
        pool.cache().clear();
        pool.queue().standsAt(number, null);
        if (current != null) {
            ConsumerClose.promptly(current);
        }
    }

    /**
     * One request may fail for a reason of its own, and then has to wait alone; where several do, Kafka is not well.
     *
     * @param unserved {@code null} if it was a look ahead that failed
     */
    private boolean isToBeTriedAgain(Throwable e, Replays.Request unserved) {
        pool.failed(e);
        log(e, unserved == null ? "ahead" : "older records of " + unserved.layout());
        if (unserved == null) {
            return true;
        }
        if (e instanceof AuthorizationException || e instanceof AuthenticationException) {
            unserved.refuse(new Refusal(
                    Refusal.Reason.NOT_AUTHORIZED, "Kafka refuses this server access to " + unserved.layout()));
            return false;
        }
        pool.queue().addLater(unserved);
        return true;
    }

    private void log(Throwable e, String what) {
        long now = System.nanoTime();
        if (now - loggedAt < QUIET_NANOS) {
            LOG.debug("Cannot read {}", what, e);
            return;
        }
        loggedAt = now;
        if (e instanceof KafkaException) {
            LOG.warn(
                    "Cannot read {} for now: {}; for a minute others are logged for debugging only",
                    what,
                    e.toString());
        } else {
            LOG.error("Cannot read {}, trying again", what, e);
        }
    }
}
