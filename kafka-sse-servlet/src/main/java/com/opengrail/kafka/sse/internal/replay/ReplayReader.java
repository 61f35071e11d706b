package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.window.Batch;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Finds the answer to one request after the other: a batch from the cache or from Kafka, or where the stream continues if the
 * log has changed.
 *
 * <p>Limits: the reader waits for a fetch in progress, up to a time limit. A seek to another position would discard it.
 *
 * <p>Threads: not safe; belongs to the owner of the consumer.
 */
final class ReplayReader {
    /** A broker that is near gives what has come meanwhile. What comes later is there when somebody asks again. */
    private static final Duration SHORT = Duration.ofMillis(5);

    /** Set by the consumer while it polls. */
    private final AtomicBoolean metadataChanged;

    private final BatchReader batches;
    private final Duration pollTimeout;
    private final Duration shortTimeout;
    private final BatchCache cache;
    private final Counters counters;
    private final LongSupplier nanoTime;
    private boolean answeredByBrokers;

    ReplayReader(
            BatchReader batches,
            AtomicBoolean metadataChanged,
            ReplayOptions options,
            BatchCache cache,
            Counters counters,
            LongSupplier nanoTime) {
        this.batches = batches;
        this.metadataChanged = metadataChanged;
        this.pollTimeout = options.pollTimeout();
        this.shortTimeout = pollTimeout.compareTo(SHORT) < 0 ? pollTimeout : SHORT;
        this.cache = cache;
        this.counters = counters;
        this.nanoTime = nanoTime;
    }

    /**
     * Finds the answer to a request.
     *
     * @param limitNanos how long to wait for the brokers
     * @param isToGiveWay true if others wait who are not to be held up
     * @return the answer, or {@code null} if the brokers did not give any in this time
     */
    Replay.Answer answer(Replay request, long limitNanos, BooleanSupplier isToGiveWay) {
        answeredByBrokers = false;
        Position position = request.position();
        Batch cached = cache.leadingOnFrom(position);
        if (cached != null) {
            return Replay.read(cached, position);
        }
        requireReadable(request.topics());
        long deadline = nanoTime.getAsLong() + limitNanos;
        metadataChanged.set(false);
        try {
            return read(request, deadline, isToGiveWay);
        } catch (TopicAuthorizationException e) {
            // The refusals of other partitions, which the consumer has already, go with it.
            batches.forget();
            request.topics().askSoon();
            throw e;
        } catch (OffsetOutOfRangeException e) {
            answeredByBrokers = true;
            return continueElsewhere(batches.gapsAt(position, e), request.topics(), position);
        }
    }

    private Replay.Answer read(Replay request, long deadline, BooleanSupplier isToGiveWay) {
        Position position = request.position();
        boolean isSame = moveTo(request);
        while (isSame) {
            Batch read = batches.read(position, isLeftWithNothing() ? shortTimeout : pollTimeout);
            answeredByBrokers = !read.isEmpty() || batches.isAtEnd();
            if (!read.isEmpty()) {
                return Replay.read(cache.keep(read), position);
            }
            if (answeredByBrokers) {
                return Replay.read(read, position);
            }
            if (metadataChanged.getAndSet(false)) {
                // A fetch may have been refused because the topic is gone: then no other is sent.
                request.topics().confirm();
                requireReadable(request.topics());
                isSame = moveTo(request);
            }
            boolean isOver = nanoTime.getAsLong() - deadline >= 0;
            if (isSame && batches.leaveOutUnanswered(isOver)) {
                return Replay.read(read, position);
            }
            if (isOver || isToGiveWay.getAsBoolean()) {
                return null;
            }
        }
        return moved(position, request.topics().layout());
    }

    /** Clients that wait for partitions that are left out come again and again. They hold up nobody. */
    private boolean isLeftWithNothing() {
        return batches.leavesOut() && batches.isAtEnd();
    }

    /** True if the last answer came of the consumer, and not of the cache or of what is known of the topics. */
    boolean isAnsweredByBrokers() {
        return answeredByBrokers;
    }

    /** False if the topics are others by now: offsets of those that were must not be read of them. */
    private boolean moveTo(Replay request) {
        Position position = request.position();
        boolean isSame = request.topics().layout() == position.layout();
        if (isSame) {
            batches.moveTo(position, request.topics());
        }
        return isSame;
    }

    /** A consumer that is moved writes a line to the log for each partition. One that stays there is refused again and again. */
    private void requireReadable(TopicWatch topics) {
        try {
            topics.requireReadable();
        } catch (KafkaException e) {
            batches.forget();
            throw e;
        }
    }

    private Replay.Moved moved(Position position, Layout newest) {
        Replay.Moved moved = Replay.moved(position, newest);
        counters.gaps.add(moved.gaps().size());
        return moved;
    }

    /** The log has become shorter at one of its ends, or the topics are others by now; {@code null} if it is neither. */
    private Replay.Answer continueElsewhere(List<Gap> found, TopicWatch topics, Position position) {
        if (found.stream().anyMatch(Gap::restartsPartition)) {
            Layout newest = topics.ask();
            if (newest != position.layout()) {
                return moved(position, newest);
            }
        }
        for (Gap gap : found) {
            if (gap.restartsPartition()) {
                cache.truncated(position.layout(), gap.partition(), gap.to());
            }
        }
        counters.gaps.add(found.size());
        return found.isEmpty() ? null : new Replay.Moved(position.after(found), found);
    }

    /** See {@link BatchReader#leavesOut}. */
    boolean leavesOut() {
        return batches.leavesOut();
    }

    /** See {@link BatchReader#read(Position)}. */
    BitSet read(Position position) {
        return batches.read(position);
    }

    /** See {@link BatchReader#leftOutNanos}. */
    long leftOutNanos(Position position) {
        return batches.leftOutNanos(position);
    }

    /** See {@link BatchReader#takeFailure}. */
    KafkaException takeFailure() {
        return batches.takeFailure();
    }

    /** See {@link BatchReader#heldUpBy}. */
    String heldUpBy() {
        return batches.heldUpBy();
    }
}
