package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.cursor.Replays;
import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.Relocation;
import com.opengrail.kafka.sse.internal.source.BrokerAnswers;
import com.opengrail.kafka.sse.internal.source.ConsumerLag;
import com.opengrail.kafka.sse.internal.source.ConsumerPositions;
import com.opengrail.kafka.sse.internal.source.FailedPartition;
import com.opengrail.kafka.sse.internal.source.LeaderEpochs;
import com.opengrail.kafka.sse.internal.source.LogDivergence;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.source.UnansweredPartitions;
import com.opengrail.kafka.sse.internal.window.EventName;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the end of the log into the window. One turn polls, maps, encodes, appends and publishes. Then it wakes the
 * clients that have something to read.
 *
 * <p>Threads: its owner's alone, the feed's thread; it is the window's only writer.
 */
final class Tail {
    /** A poll may hold more than a window. So what clients can take in the meantime is published before its end. */
    private static final int FRAMES_PER_PUBLICATION = 1024;

    private static final int PUBLICATIONS_PER_WINDOW = 16;

    private final Consumer<byte[], byte[]> consumer;
    private final MapperChain mappers;
    private final Window window;
    private final FilterGroups groups;
    private final EventNames names;
    private final LeaderEpochs epochs;
    private final Replays replays;
    private final TopicWatch topics;
    private final FailingPartitions failing;
    private final UnansweredPartitions unanswered;
    private final BrokerAnswers brokers;

    /** The end of the log when the feed started: records before it fill the window, and nobody has waited for them. */
    private final Position endAtStart;

    private final ConsumerLag consumerLag;
    private final LongSupplier nanoTime;
    private final RecordFrames frames = new RecordFrames();

    /** The topics whose partitions the consumer is not assigned, and where the window stands still. */
    private Set<String> unreadable = Set.of();

    private int unpublished;

    /** When the present turn and the one before began. */
    private long turnAt;

    private long turnBeforeAt;

    /** Since they were last reported. */
    private long records;

    private long gaps;

    Tail(
            Consumer<byte[], byte[]> consumer,
            MapperChain mappers,
            FeedMemory memory,
            TopicWatch topics,
            BrokerAnswers brokers,
            LongSupplier nanoTime) {
        this.consumer = consumer;
        this.mappers = mappers;
        this.window = memory.window();
        this.groups = memory.groups();
        this.names = memory.names();
        this.epochs = memory.epochs();
        this.replays = memory.replays();
        this.topics = topics;
        this.brokers = brokers;
        this.nanoTime = nanoTime;
        this.turnAt = nanoTime.getAsLong();
        this.turnBeforeAt = turnAt;
        this.failing = new FailingPartitions(consumer, nanoTime);
        this.unanswered = memory.started().unanswered();
        this.endAtStart = memory.started().latest();
        this.consumerLag = new ConsumerLag(consumer, nanoTime);
    }

    /** One turn. If there are records, runs {@code answered} before anybody gets them. */
    void runOnce(Duration pollTimeout, Runnable answered) {
        turnBeforeAt = turnAt;
        turnAt = nanoTime.getAsLong();
        groups.absorb(window.nextSequence());
        if (topics.layout() != window.layout() || !topics.unreadable().equals(unreadable)) {
            continueIn(topics.layout());
        }
        if (failing.pauseAll(topics.leaderless(), unanswered.partitions())) {
            consumerLag.askSoon();
        }
        try {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(pollTimeout);
            if (!polled.isEmpty()) {
                answered.run();
            }
            append(polled);
            publish(updatePosition());
            brokers.look(polled.count(), window.next());
        } catch (OffsetOutOfRangeException e) {
            publish(true);
            continueElsewhere(e);
        } catch (KafkaException e) {
            publish(true);
            failedToRead(e);
        }
        // What was fetched is thrown away: it would fail again.
        List<TopicPartition> again = failing.takeDue();
        if (!again.isEmpty()) {
            seek(window.next(), again::contains);
        }
        if (!unanswered.isEmpty()) {
            startAnswered();
        }
    }

    /**
     * A batch that only fills the window holds up nobody who follows the end of the log. Nobody can be past a batch that comes
     * later, so it is waited for.
     */
    private void failedToRead(KafkaException failure) {
        TopicPartition failed = FailedPartition.of(failure, consumer.assignment());
        if (failed == null) {
            throw failure;
        }
        int index = window.layout().indexOf(failed);
        long end = window.layout() == endAtStart.layout() ? endAtStart.next()[index] : 0;
        if (window.next().next()[index] >= end) {
            failing.pause(failed, failure);
            return;
        }
        failing.leftOut(failed, end, failure);
        epochs.seek(consumer, failed, end);
        window.startAfresh(failed, end);
        publish(true);
        groups.wakeAll();
    }

    private void startAnswered() {
        unanswered.askNowAndThen(window.layout(), topics);
        Map<TopicPartition, Long> starts = unanswered.takeAnswer();
        starts.keySet().retainAll(consumer.assignment());
        if (starts.isEmpty()) {
            return;
        }
        starts.forEach((partition, offset) -> epochs.seek(consumer, partition, offset));
        window.startPartitions(starts);
        publish(true);
        unanswered.started(starts.keySet());
        groups.wakeAll();
    }

    private void append(ConsumerRecords<byte[], byte[]> polled) {
        Layout layout = window.layout();
        boolean mayBeBeforeStart = layout == endAtStart.layout();
        records += polled.count();
        for (TopicPartition partition : polled.partitions()) {
            int index = layout.indexOf(partition.topic(), partition.partition());
            for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                mappers.encode(record, frames);
                if (mayBeBeforeStart && record.offset() < endAtStart.next()[index]) {
                    frames.timestamp(ConsumerRecord.NO_TIMESTAMP);
                }
                append(index, record.offset());
            }
        }
        frames.clear();
        epochs.read(polled.nextOffsets());
    }

    private void append(int partition, long offset) {
        EventName[] frameNames = names.of(frames);
        long sequence = window.nextSequence();
        for (int i = 0; i < frames.count(); i++) {
            if (frameNames[i] != EventName.NONE) {
                groups.mark(frameNames[i], sequence++);
            }
        }
        window.append(partition, offset, frames, frameNames);
        unpublished++;
        if (unpublished >= FRAMES_PER_PUBLICATION
                || window.unpublishedBytes() >= window.limit() / PUBLICATIONS_PER_WINDOW) {
            publish(true);
        }
    }

    private void publish(boolean moved) {
        unpublished = 0;
        groups.beforePublish();
        if (moved) {
            window.publish();
        }
        groups.wake();
        if (moved) {
            groups.wakeAfterPublication();
        }
    }

    private boolean updatePosition() {
        boolean moved = window.nextSequence() > window.end().sequence();
        List<TopicPartition> partitions = window.layout().partitions();
        for (int i = 0; i < partitions.size(); i++) {
            if (isReadable(partitions.get(i))) {
                moved |= window.advance(i, ConsumerPositions.position(consumer, partitions.get(i)));
            }
        }
        return moved;
    }

    private boolean isReadable(TopicPartition partition) {
        return !unreadable.contains(partition.topic());
    }

    /** Tells what has been read since this was last told, and what the window holds now. */
    void report(FeedStatus status) {
        status.read(records, gaps);
        status.window(window.frames(), window.footprint());
        Set<TopicPartition> waitedFor = new HashSet<>(unanswered.partitions());
        waitedFor.addAll(brokers.silentFor(status.silentNanos()));
        status.failingPartitions(failing.describeWith(waitedFor, topics.leaderless(), unreadable));
        status.unreadable(failing.takeReason());
        records = 0;
        gaps = 0;
    }

    /** True if nothing is fetched, since no partition can be read for now. */
    boolean isPaused() {
        return failing.areAll();
    }

    /**
     * Tells how far behind the end of the log it is. The consumer knows the end by an answer of the brokers that it may have
     * got when this turn began. So what was produced during this turn and the one before may be missing. Of a broker that
     * does not answer, the consumer knows nothing.
     */
    void reportLag(FeedStatus status) {
        List<TopicPartition> partitions = new ArrayList<>(TopicWatch.readable(window.layout(), unreadable));
        partitions.removeAll(unanswered.partitions());
        long lag = brokers.silentFor(status.silentNanos()).isEmpty()
                ? consumerLag.of(partitions).orElse(-1)
                : -1;
        status.lag(lag);
        if (lag == 0
                && unanswered.isEmpty()
                && brokers.silentFor(status.lateNanos()).isEmpty()) {
            status.hadAll(turnBeforeAt);
        }
    }

    /** The consumer's offset is not in the log any more: records are gone, or the topics are others by now. */
    private void continueElsewhere(OffsetOutOfRangeException e) {
        Position before = window.next();
        List<Gap> found = LogDivergence.gaps(consumer, e, before);
        if (found.isEmpty()) {
            // Kafka tells of an offset that the window does not end at. It tells of the window's end when it is asked
            // there.
            seek(before, e.offsetOutOfRangePartitions().keySet()::contains);
            return;
        }
        if (found.stream().anyMatch(Gap::restartsPartition)) {
            Layout described = topics.ask();
            if (described != before.layout()) {
                continueIn(described);
                return;
            }
        }
        continueAt(before.after(found), found);
    }

    /** Continues where the window ends, in topics that may have more partitions by now or have been created anew. */
    void continueIn(Layout described) {
        topics.requireReadable();
        Position before = window.next();
        unreadable = topics.unreadable();
        Set<TopicPartition> kept = Set.copyOf(consumer.assignment());
        List<TopicPartition> wanted = TopicWatch.readable(described, unreadable);
        // For each assignment and each seek Kafka's client writes a line to the log.
        if (!kept.equals(Set.copyOf(wanted))) {
            consumer.assign(wanted);
        }
        if (described == before.layout()) {
            seek(before, partition -> !kept.contains(partition) || !isAt(before, partition));
        } else {
            Relocation relocation = Relocation.of(before, described);
            unanswered.relocate(before.layout(), described);
            continueAt(relocation.position(), relocation.gaps());
        }
    }

    private boolean isAt(Position position, TopicPartition partition) {
        return ConsumerPositions.isAt(
                consumer, partition, position.next()[position.layout().indexOf(partition)]);
    }

    private void continueAt(Position position, List<Gap> found) {
        boolean isSameLayout = position.layout() == window.layout();
        Predicate<TopicPartition> isNeeded =
                partition -> !isSameLayout || found.stream().anyMatch(gap -> partition.equals(gap.partition()));
        gaps += found.size();
        for (Gap gap : found) {
            epochs.forget(gap.partition());
            if (gap.restartsPartition()) {
                replays.truncated(position.layout(), gap.partition(), gap.to());
            }
        }
        window.relocate(position, found);
        seek(position, isNeeded);
        publish(true);
        if (!found.isEmpty()) {
            groups.wakeAll();
        }
    }

    /**
     * Moves the consumer. It moves only partitions that need it, because after a seek the consumer knows less of the
     * log's history.
     */
    private void seek(Position position, Predicate<TopicPartition> isNeeded) {
        for (int i = 0; i < position.next().length; i++) {
            TopicPartition partition = position.layout().partitions().get(i);
            if (isReadable(partition) && isNeeded.test(partition)) {
                epochs.seek(consumer, partition, position.next()[i]);
            }
        }
    }
}
