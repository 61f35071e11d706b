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
import com.opengrail.kafka.sse.internal.source.ConsumerPosition;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

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

    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final long TURN_NANOS = Duration.ofMillis(100).toNanos();

    /** What an id line and the names of the fields take, roughly. */
    private static final int ID_BYTES = 80;

    private static final int MOST_EXPECTED_BYTES = 16 * 1024 * 1024;

    private final Consumer<byte[], byte[]> consumer;
    private final MapperChain mappers;
    private final Duration pollTimeout;
    private final RecordFrames frames = new RecordFrames();

    private final EventNames names;
    private final BatchCache cache;
    private final int mostEvents;

    /** Whether another reader stands at a place. */
    private final Predicate<Place> others;

    /** What the consumer is assigned. */
    private Layout assigned;

    /** Where the consumer reads on. */
    private Place stand;

    /** Since they were last reported. */
    private long records;

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
        this.mappers = mappers;
        this.pollTimeout = options.pollTimeout();
        this.mostEvents = options.bufferSize();
        this.names = new EventNames(options.streamed());
        this.cache = cache;
        this.others = others;
    }

    /**
     * Serves one request. What this throws leaves the request as it was, or further on: it can be served again.
     */
    public Served serve(Replays.Request request) {
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
        return stand;
    }

    /** Tells what has been read since this was last told. */
    void report(Counters counters) {
        counters.replayRead(records);
        counters.gapsFound(gaps);
        records = 0;
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
            if (batch == null && !replay.readsOn().equals(stand) && others.test(replay.readsOn())) {
                return Served.ELSEWHERE;
            }
            progress = batch == null ? readOn(replay) : replay.append(batch);
        }
        Batch batch = progress ? cache.after(replay.readsOn()) : null;
        while (batch != null && replay.hasRoomFor(batch, mostEvents) && replay.append(batch)) {
            batch = cache.after(replay.readsOn());
        }
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
        moveTo(replay.readsOn());
        try {
            Batch read = batch(consumer.poll(pollTimeout), replay.readsOn());
            stand = read.end();
            Batch kept = read.isEmpty() ? read : cache.keep(read);
            if (isPastTheEnd(replay)) {
                replay.readOnAlone();
                return readOn(replay);
            }
            return replay.append(kept);
        } catch (OffsetOutOfRangeException e) {
            goOnElsewhere(e.offsetOutOfRangePartitions().keySet(), replay);
            return true;
        }
    }

    /** Whether a client that is further than what is read has come from a log that was longer: it has to be told of that. */
    private boolean isPastTheEnd(Replay replay) {
        if (!replay.readsBehindClient()) {
            return false;
        }
        long[] next = replay.place().next();
        List<TopicPartition> partitions = replay.layout().partitions();
        for (int i = 0; i < next.length; i++) {
            OptionalLong lag = consumer.currentLag(partitions.get(i));
            if (lag.isPresent() && ConsumerPosition.of(consumer, partitions.get(i)) + lag.getAsLong() < next[i]) {
                return true;
            }
        }
        return false;
    }

    private Batch batch(ConsumerRecords<byte[], byte[]> polled, Place from) {
        Layout layout = from.layout();
        Batch batch = new Batch(layout, from.next(), sizeOf(polled));
        records += polled.count();
        for (TopicPartition partition : polled.partitions()) {
            int index = layout.indexOf(partition.topic(), partition.partition());
            for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                mappers.encode(record, frames);
                batch.append(index, record.offset(), frames, names);
            }
        }
        for (int i = 0; i < layout.size(); i++) {
            batch.advance(i, ConsumerPosition.of(consumer, layout.partitions().get(i)));
        }
        return batch;
    }

    private static int sizeOf(ConsumerRecords<byte[], byte[]> polled) {
        long bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            bytes += ID_BYTES + Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        }
        return (int) Math.min(MOST_EXPECTED_BYTES, bytes);
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

    /** Seeks only in partitions where the consumer is elsewhere: of the others it keeps what it has fetched ahead. */
    private void moveTo(Place place) {
        List<TopicPartition> partitions = place.layout().partitions();
        boolean isAssigned = place.layout() == assigned;
        stand = null;
        if (!isAssigned) {
            assigned = null;
            consumer.assign(partitions);
        }
        for (int i = 0; i < partitions.size(); i++) {
            if (!isAssigned || ConsumerPosition.of(consumer, partitions.get(i)) != place.next()[i]) {
                consumer.seek(partitions.get(i), place.next()[i]);
            }
        }
        assigned = place.layout();
    }

    private void goOnAfterGap(TopicPartition partition, Replay replay) {
        long to = consumer.beginningOffsets(Set.of(partition)).get(partition);
        gaps++;
        replay.appendGap(replay.layout().indexOf(partition.topic(), partition.partition()), to);
    }
}
