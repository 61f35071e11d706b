package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.Batch;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives lanes their turns with one {@link ReplayReader}: one request is answered, and with it all that the answer is for.
 *
 * <p>Threads: not safe; belongs to the owner of the reader.
 */
final class LaneReader {
    private static final Logger LOG = LoggerFactory.getLogger(LaneReader.class);

    private final ReplayQueue queue;
    private final ReplayReader reader;
    private final ReplayHealth health;
    private final Renewal renewal;
    private final LongSupplier nanoTime;

    LaneReader(ReplayQueue queue, ReplayReader reader, ReplayHealth health, Renewal renewal, LongSupplier nanoTime) {
        this.queue = queue;
        this.reader = reader;
        this.health = health;
        this.renewal = renewal;
        this.nanoTime = nanoTime;
    }

    /**
     * One turn of a lane.
     *
     * @return false if the consumer is to be replaced: something failed that is not Kafka's, or another one may succeed
     */
    boolean runOnce(ReplayLane lane) {
        lane.readBy(reader::heldUpBy);
        Replay request = queue.request(lane);
        if (request == null) {
            return true;
        }
        long start = nanoTime.getAsLong();
        try {
            Replay.Answer answer = reader.answer(request, lane.limit(), () -> queue.isToGiveWay(lane));
            if (answer == null) {
                return unanswered(lane, request, nanoTime.getAsLong() - start);
            } else {
                answer(lane, request, answer);
            }
        } catch (WakeupException e) {
            LOG.debug("Woken", e);
            request.topics().askSoon();
            queue.add(request);
        } catch (Throwable e) {
            health.failed(e, "older records of " + request.position().layout());
            queue.failed(lane, request);
            return !renewal.isDueAfter(e) && e instanceof KafkaException;
        }
        return true;
    }

    private boolean unanswered(ReplayLane lane, Replay request, long tookNanos) {
        TimeoutException failure = new TimeoutException(
                "No answer from the brokers for " + TimeUnit.NANOSECONDS.toMillis(tookNanos) + " ms");
        boolean isDue = renewal.isDueAfter(failure);
        if (renewal.isAway() || lane.isPausing() && tookNanos >= lane.limit()) {
            health.failed(failure, "older records of " + request.position().layout());
        }
        queue.unanswered(lane, request, tookNanos);
        return !isDue;
    }

    private void answer(ReplayLane lane, Replay request, Replay.Answer answer) {
        Position asked = request.position();
        Batch batch = answer instanceof Replay.Read read ? read.batch() : null;
        if (batch != null && batch.isEmpty() && reader.leavesOut()) {
            BitSet toBeWatched = toBeWatched(request);
            request.answer(answer);
            queue.nothingAt(lane, asked, toBeWatched, reader.leftOutNanos(asked));
        } else {
            request.answer(answer);
            queue.answered(lane, asked, batch).forEach(other -> other.answer(Replay.read(batch, other.position())));
        }
        health.served();
        KafkaException leftOut = reader.takeFailure();
        if (leftOut != null) {
            health.failed(leftOut, "older records of " + asked.layout());
        }
        if (reader.isAnsweredByBrokers()) {
            renewal.answered();
        }
    }

    /** The partitions in which there was nothing. If the feed has more of them, that does not tell when there is something. */
    private BitSet toBeWatched(Replay request) {
        BitSet read = reader.read(request.position());
        return request.isBehindIn(read) ? new BitSet() : read;
    }
}
