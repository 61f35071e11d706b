package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.feed.Batch;
import com.opengrail.kafka.sse.internal.feed.BrokerOffsets;
import com.opengrail.kafka.sse.internal.feed.EventNames;
import com.opengrail.kafka.sse.internal.feed.Opening;
import com.opengrail.kafka.sse.internal.feed.Place;
import com.opengrail.kafka.sse.internal.feed.Replay;
import com.opengrail.kafka.sse.internal.feed.Replays;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads for one cursor after the other: a slice for one that is behind the window, the offsets for one that is opened.
 *
 * <p>Limits: one turn ends with the first poll that makes an event or finds nothing, or after a time in which the filter
 * dropped all.
 *
 * <p>Threads: not safe; belongs to the owner of the consumer.
 */
public final class ReplayReader {

    /** What has become of a request. */
    public enum Served {
        DONE,

        /** It is to be tried again some time later. */
        LATER,

        /** It goes on where another reader stands. */
        ELSEWHERE
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReplayReader.class);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final long TURN_NANOS = Duration.ofMillis(100).toNanos();

    /** What is read ahead is to stay in the cache until it is asked for: batches that may be larger are not read ahead. */
    private static final int MOST_AHEAD_PART = 8;

    private final Consumer<byte[], byte[]> consumer;
    private final BatchReader batches;
    private final Duration pollTimeout;
    private final BatchCache cache;
    private final int mostEvents;
    private final long mostAheadBytes;

    /** Whether another reader stands at a place. */
    private final Predicate<Place> others;

    /** Where the one served last will go on, if that is where the consumer stands. */
    private Place leadsOn;

    /** Since they were last reported. */
    private long gaps;

    /**
     * A reader that reads nothing yet.
     *
     * @param others whether a place is one at which another reader stands, which reads on there with less effort
     */
    public ReplayReader(
            Consumer<byte[], byte[]> consumer,
            MapperChain mappers,
            ReplayOptions options,
            BatchCache cache,
            Predicate<Place> others) {
        this.consumer = consumer;
        this.batches = new BatchReader(consumer, mappers, new EventNames(options.streamed()));
        this.pollTimeout = options.pollTimeout();
        this.mostEvents = options.bufferSize();
        this.mostAheadBytes = options.cacheBytes() / MOST_AHEAD_PART;
        this.cache = cache;
        this.others = others;
    }

    /**
     * Serves one request. What this throws leaves the request as it was, or further on: it can be served again.
     */
    public Served serve(Replays.Request request) {
        leadsOn = null;
        if (request instanceof Replay replay) {
            return read(replay, System.nanoTime() + TURN_NANOS);
        }
        Opening opening = (Opening) request;
        Layout layout = opening.layoutToStartIn();
        if (layout == null) {
            return Served.LATER;
        }
        opening.open(new BrokerOffsets(consumer, layout, ANSWER));
        return Served.DONE;
    }

    /** Where this would read on without fetching anew, or {@code null} for nowhere. */
    public Place stand() {
        return batches.stand();
    }

    /** From where to read ahead: where the one served last will go on, if this stands there, else {@code null}. */
    public Place leadsOn() {
        return leadsOn;
    }

    /**
     * Reads what follows on {@link #leadsOn}, as far as it has been fetched already.
     *
     * @return whether there was anything
     */
    public boolean readAhead() {
        Place from = leadsOn;
        leadsOn = null;
        try {
            Batch read = batches.read(from, Duration.ZERO);
            if (read.isEmpty()) {
                return false;
            }
            cache.keep(read);
            return true;
        } catch (OffsetOutOfRangeException e) {
            LOG.debug("The log has changed where it was to be read ahead: who asks for that is told", e);
            return false;
        }
    }

    /** Tells what has been read since this was last told. */
    void report(Counters counters) {
        counters.replayRead(batches.takeRecords());
        counters.gapsFound(gaps);
        gaps = 0;
    }

    /**
     * One turn: reads on where the cursor stands until there is an event for it, or the time is up. Then it goes on only
     * with what has been read for others, so that who is behind them comes up to them.
     */
    private Served read(Replay replay, long deadline) {
        goOnIn(replay.newestLayout(), replay);
        boolean progress = true;
        while (progress && replay.events() == 0 && System.nanoTime() - deadline < 0) {
            Batch batch = cached(replay);
            if (batch == null && !replay.readsOn().equals(batches.stand()) && others.test(replay.readsOn())) {
                return Served.ELSEWHERE;
            }
            progress = batch == null ? readOn(replay) : replay.append(batch);
        }
        Batch batch = progress ? cache.after(replay.readsOn()) : null;
        while (batch != null && replay.hasRoomFor(batch, mostEvents) && replay.append(batch)) {
            batch = cache.after(replay.readsOn());
        }
        boolean standsThere = replay.readsOn().equals(batches.stand());
        leadsOn = progress && standsThere && batches.lastFootprint() <= mostAheadBytes ? batches.stand() : null;
        replay.handOver();
        return Served.DONE;
    }

    /** What has been read for others and leads on, if there is such a batch. */
    private Batch cached(Replay replay) {
        Batch after = cache.after(replay.readsOn());
        if (after != null || replay.readsBehindClient()) {
            return after;
        }
        Batch before = cache.before(replay.readsOn());
        if (before != null) {
            replay.readOnAt(before.from());
        }
        return before;
    }

    /** Reads what there is; says whether there was anything. */
    private boolean readOn(Replay replay) {
        try {
            Batch read = batches.read(replay.readsOn(), pollTimeout);
            Batch kept = read.isEmpty() ? read : cache.keep(read);
            // Such a client has come from a log that was longer: it has to be told of that.
            if (replay.readsBehindClient() && batches.isPastTheEnd(replay.place())) {
                replay.readOnAlone();
                return readOn(replay);
            }
            return replay.append(kept);
        } catch (OffsetOutOfRangeException e) {
            goOnElsewhere(e.offsetOutOfRangePartitions().keySet(), replay);
            return true;
        }
    }

    /** The log is shorter than it was, at one of its ends, or the topics are others by now. */
    private void goOnElsewhere(Set<TopicPartition> outOfRange, Replay replay) {
        // What was read of a longer log would lead past the end of it again and again.
        cache.clear();
        if (!goOnIn(replay.askForLayout(), replay) && !replay.readOnAlone()) {
            outOfRange.forEach(partition -> goOnAfterGap(partition, replay));
        }
    }

    private boolean goOnIn(Layout newest, Replay replay) {
        boolean differs = newest != replay.layout();
        if (differs) {
            Map<TopicPartition, Long> beginning = consumer.beginningOffsets(newest.partitions(), ANSWER);
            replay.goOnWith(
                    newest,
                    newest.partitions().stream().mapToLong(beginning::get).toArray());
        }
        return differs;
    }

    private void goOnAfterGap(TopicPartition partition, Replay replay) {
        long to = consumer.beginningOffsets(Set.of(partition)).get(partition);
        gaps++;
        replay.appendGap(replay.layout().indexOf(partition.topic(), partition.partition()), to);
    }
}
