package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.ConsumerLag;
import com.opengrail.kafka.sse.internal.source.ConsumerPositions;
import com.opengrail.kafka.sse.internal.source.FailedPartition;
import com.opengrail.kafka.sse.internal.source.FetchAnswers;
import com.opengrail.kafka.sse.internal.source.LogDivergence;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.IdLine;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes a batch of what one poll gives from a position on, wherever in the log that is.
 *
 * <p>Limits: mappers have a limited time for a batch. What they have not come to is kept for the next batch, if that follows
 * on this one. So a slow mapper does not keep others waiting for all that one poll has given.
 *
 * <p>Threads: not safe; belongs to the owner of the consumer.
 */
final class BatchReader {
    /** For so long records are mapped for a batch; the record at which this is over is the last one. */
    private static final long MAPPING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A reader whose time has been over for so long has a record that takes long. */
    private static final long HELD_UP_NANOS = 2 * MAPPING_NANOS;

    private final Consumer<byte[], byte[]> consumer;
    private final MapperChain mappers;
    private final EventNames names;
    private final Counters counters;
    private final LongSupplier nanoTime;
    private final RecordFrames frames = new RecordFrames();
    private final IdLine idLine = new IdLine();

    private final FailingRecords failing;
    private final AwaitedFetches awaited;
    private final FetchAnswers answers;

    /** The layout of which the consumer is assigned {@link #held}. */
    private Layout assigned;

    /** The partitions that the consumer is assigned: all but those that cannot be read. */
    private List<TopicPartition> held = List.of();

    /** Those of them that have a leader, and of which no fetch at another offset is awaited. */
    private List<TopicPartition> read = List.of();

    /** Those of them that were being fetched from this position when the consumer was moved to it, but did not answer in time. */
    private final Set<TopicPartition> late = new HashSet<>();

    /** Why a partition has been left out since this was last asked; {@code null} if none was. */
    private KafkaException failure;

    private ConsumerLag lag;

    /** A broker has answered a fetch since the consumer was moved. */
    private boolean isAnswered;

    /** Polled, and to be mapped first if somebody asks for what follows {@link #restFrom}. */
    private Deque<Unmapped> rest = new ArrayDeque<>();

    private Position restFrom;

    /** Read by other threads. */
    private volatile String mappedTopic;

    /** When the mappers began with the present batch, written before the topic. */
    private volatile long mappingSince;

    BatchReader(
            Consumer<byte[], byte[]> consumer,
            MapperChain mappers,
            EventNames names,
            Counters counters,
            LongSupplier nanoTime) {
        this.consumer = consumer;
        this.mappers = mappers;
        this.names = names;
        this.counters = counters;
        this.nanoTime = nanoTime;
        this.failing = new FailingRecords(nanoTime);
        this.awaited = new AwaitedFetches(nanoTime);
        this.answers = new FetchAnswers(consumer);
    }

    /**
     * The topic whose mapper may never return; {@code null} if there is none. No other record of the batch is mapped after
     * it. Any thread may ask.
     */
    String heldUpBy() {
        long now = nanoTime.getAsLong();
        // Read in this order: a topic of the present batch never goes with the time of the one before.
        String topic = mappedTopic;
        return now - mappingSince >= HELD_UP_NANOS ? topic : null;
    }

    /**
     * Moves the consumer to a position. It seeks only where the consumer is elsewhere: of the other partitions it keeps what
     * it has fetched ahead.
     *
     * <p>It reads nothing of topics that cannot be read, nothing of partitions with a record that could not be read a short
     * while ago, and fetches nothing of partitions without a leader: their offsets stay as they are. Where a fetch at another
     * offset is awaited, it does not move the consumer.
     *
     * @throws OffsetOutOfRangeException if a log has been truncated
     */
    void moveTo(Position position, TopicWatch topics) {
        if (position.equals(restFrom)) {
            return;
        }
        forgetRest();
        Set<TopicPartition> leaderless = topics.leaderless();
        List<TopicPartition> wanted = readableAt(position, topics, leaderless);
        List<TopicPartition> before = position.layout() == assigned ? held : List.of();
        boolean isAssigned = wanted.equals(before);
        if (!isAssigned) {
            assigned = null;
            assign(wanted);
        }
        Set<TopicPartition> unread = new HashSet<>(leaderless);
        late.clear();
        for (TopicPartition partition : held) {
            long next = nextIn(partition, position);
            boolean isNew = !isAssigned && !before.contains(partition);
            boolean isElsewhere = awaited.isElsewhere(partition, next);
            if (isNew) {
                awaited.answered(partition);
            } else if (isElsewhere) {
                unread.add(partition);
            }
            if (isNew || !isElsewhere && ConsumerPositions.position(consumer, partition) != next) {
                consumer.seek(partition, next);
            } else if (awaited.isAt(partition, next)) {
                late.add(partition);
            }
        }
        assigned = position.layout();
        readWithout(unread);
        ConsumerPositions.pauseOnly(consumer, unread);
        noteAnswers();
        isAnswered = false;
    }

    private void assign(List<TopicPartition> partitions) {
        held = partitions;
        consumer.assign(held);
        lag = new ConsumerLag(consumer, nanoTime);
    }

    private void readWithout(Set<TopicPartition> unread) {
        List<TopicPartition> before = read;
        read = without(unread, held);
        if (!read.equals(before)) {
            lag.askSoon();
        }
    }

    private static List<TopicPartition> without(Collection<TopicPartition> some, List<TopicPartition> all) {
        return all.stream().filter(partition -> !some.contains(partition)).toList();
    }

    /** If all partitions have failed it reads all: their clients have nothing else to read. */
    private List<TopicPartition> readableAt(Position position, TopicWatch topics, Set<TopicPartition> leaderless) {
        List<TopicPartition> all = TopicWatch.readable(position.layout(), topics.unreadable());
        if (all.isEmpty()) {
            throw new UnknownTopicOrPartitionException("None of the topics can be read: " + position.layout());
        }
        if (leaderless.containsAll(all)) {
            throw new TimeoutException("No partition has a leader: " + position.layout());
        }
        List<TopicPartition> well = all.stream()
                .filter(partition -> !failing.isAt(partition, nextIn(partition, position)))
                .toList();
        return leaderless.containsAll(well) ? all : well;
    }

    private static long nextIn(TopicPartition partition, Position position) {
        return position.next()[position.layout().indexOf(partition)];
    }

    /** True if it reads nothing of some partitions, though they may have more. */
    boolean leavesOut() {
        return assigned != null && read.size() < assigned.size();
    }

    /** The partitions of a position that it reads, by their indexes. */
    BitSet read(Position position) {
        return read.stream().mapToInt(position.layout()::indexOf).collect(BitSet::new, BitSet::set, BitSet::or);
    }

    /** How long until one of those that are left out at a position may be read again; the longest time if nobody knows. */
    long leftOutNanos(Position position) {
        long least = Long.MAX_VALUE;
        for (TopicPartition partition : position.layout().partitions()) {
            long left =
                    Math.max(failing.nanosLeft(partition, nextIn(partition, position)), awaited.nanosLeft(partition));
            least = left > 0 ? Math.min(least, left) : least;
        }
        return least;
    }

    /** Lets go of what the consumer has fetched: it is assigned anew before it reads again. */
    void forget() {
        forgetRest();
        assigned = null;
        if (!consumer.assignment().isEmpty()) {
            consumer.unsubscribe();
        }
    }

    /** Lets go of what has been fetched, and finds where the log at a position continues. */
    List<Gap> gapsAt(Position position, OffsetOutOfRangeException e) {
        forget();
        return LogDivergence.gaps(consumer, e, position);
    }

    private void forgetRest() {
        rest = new ArrayDeque<>();
        restFrom = null;
    }

    /**
     * Reads what follows a position, to which the consumer has been moved.
     *
     * @return a batch, which is empty if nothing has come in this time
     * @throws OffsetOutOfRangeException if the log does not reach to that position
     */
    Batch read(Position from, Duration timeout) {
        Deque<Unmapped> unmapped = rest.isEmpty() ? poll(from.layout(), timeout) : rest;
        // If mapping fails, nobody continues in the midst of it.
        forgetRest();
        Batch batch = new Batch(from, Unmapped.expectedBytes(unmapped), idLine);
        try {
            map(unmapped, batch);
        } finally {
            frames.clear();
            mappedTopic = null;
        }
        for (TopicPartition partition : read) {
            int index = from.layout().indexOf(partition);
            if (unmapped.stream().noneMatch(each -> each.index() == index)) {
                long next = ConsumerPositions.position(consumer, partition);
                if (next > from.next()[index]) {
                    awaited.answered(partition);
                }
                batch.advance(index, next);
            }
        }
        if (!unmapped.isEmpty()) {
            rest = unmapped;
            restFrom = batch.end();
        }
        return batch;
    }

    private Deque<Unmapped> poll(Layout layout, Duration timeout) {
        ConsumerRecords<byte[], byte[]> polled = poll(timeout);
        Deque<Unmapped> unmapped = new ArrayDeque<>();
        for (TopicPartition partition : polled.partitions()) {
            int index = layout.indexOf(partition);
            unmapped.add(new Unmapped(index, partition.topic(), polled.records(partition)));
        }
        return unmapped;
    }

    /** A partition that cannot be read is left out, and the others are read by the next poll. */
    private ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        try {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(timeout);
            noteAnswers();
            polled.partitions().forEach(awaited::answered);
            return polled;
        } catch (KafkaException e) {
            TopicPartition failed = FailedPartition.of(e, read);
            if (failed == null) {
                throw e;
            }
            failing.failed(failed, ConsumerPositions.position(consumer, failed));
            if (read.size() == 1) {
                forget();
                throw e;
            }
            failure = e;
            leaveOut(failed);
            return ConsumerRecords.empty();
        }
    }

    private void noteAnswers() {
        isAnswered |= answers.isAnyNew();
    }

    /** What has been fetched of it would fail again. Of the others it is kept. */
    private void leaveOut(TopicPartition failed) {
        assign(without(Set.of(failed), held));
        read = without(Set.of(failed), read);
    }

    /** Tells once why a partition has been left out; {@code null} if none was. */
    KafkaException takeFailure() {
        KafkaException taken = failure;
        failure = null;
        return taken;
    }

    /** Maps records into a batch and takes them away, until none is left or the time is over. */
    private void map(Deque<Unmapped> unmapped, Batch batch) {
        mappingSince = nanoTime.getAsLong();
        long end = mappingSince + MAPPING_NANOS;
        boolean isOver = false;
        while (!unmapped.isEmpty() && !isOver) {
            Unmapped next = unmapped.remove();
            mappedTopic = next.topic();
            int mapped = 0;
            while (mapped < next.records().size() && !isOver) {
                ConsumerRecord<byte[], byte[]> record = next.records().get(mapped++);
                mappers.encode(record, frames);
                batch.append(next.index(), record.offset(), frames, names);
                isOver = nanoTime.getAsLong() - end >= 0;
            }
            counters.replayRecords.add(mapped);
            if (mapped < next.records().size()) {
                unmapped.addFirst(new Unmapped(
                        next.index(),
                        next.topic(),
                        next.records().subList(mapped, next.records().size())));
            }
        }
    }

    /** True if the consumer knows that none that it reads has more: as of the last answers there was nothing left to fetch. */
    boolean isAtEnd() {
        // A consumer that cannot log in would write a line to the log each time that it is asked.
        OptionalLong known = answers.isAny() ? lag.of(read) : OptionalLong.empty();
        boolean isAtEnd = known.isPresent() && known.getAsLong() == 0;
        if (isAtEnd) {
            read.forEach(awaited::answered);
        }
        return isAtEnd;
    }

    /**
     * Leaves out the partitions that have not answered, if others have and have no more. Nobody waits a second time for a
     * fetch that was late before.
     *
     * @param isOver true if the time for an answer is over
     * @return true if some have been left out
     */
    boolean leaveOutUnanswered(boolean isOver) {
        boolean isLate = isOver && isAnswered;
        if (!isLate && late.isEmpty()) {
            return false;
        }
        List<TopicPartition> open = read.stream()
                .filter(partition -> late.contains(partition) || !isAtEnd(partition))
                .toList();
        boolean isLateAgain = late.containsAll(open);
        if (open.size() == read.size() || !isLateAgain && !isLate) {
            return false;
        }
        if (!isLateAgain) {
            open.forEach(partition -> awaited.unanswered(partition, ConsumerPositions.position(consumer, partition)));
            failure = new TimeoutException("No answer from the brokers of " + open + " in time");
        }
        read = without(open, read);
        return true;
    }

    private boolean isAtEnd(TopicPartition partition) {
        OptionalLong known = consumer.currentLag(partition);
        return known.isPresent() && known.getAsLong() <= 0;
    }
}
