package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.cursor.ClientSources;
import com.opengrail.kafka.sse.internal.cursor.CursorOpener;
import com.opengrail.kafka.sse.internal.cursor.FeedStart;
import com.opengrail.kafka.sse.internal.cursor.Follower;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.replay.ReplayModel;
import com.opengrail.kafka.sse.internal.replay.ReplayOptions;
import com.opengrail.kafka.sse.internal.source.BrokerAnswers;
import com.opengrail.kafka.sse.internal.source.FetchAnswers;
import com.opengrail.kafka.sse.internal.source.LeaderEpochs;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.source.UnansweredPartitions;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** One server: the real tail, window, filter groups, look-ups and replay readers in front of a log. */
final class FeedModel {
    private static final int SLOW_ONE_OF = 5;
    private static final int MOST_BEFORE_END = 60;
    private static final int TURNS_TO_SETTLE = 10_000;
    private static final int MOST_BUFFERED = 40;
    private static final int MOST_TO_JUDGE = 4;
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    final Window window;
    final LogModel log;

    /** Where the window began. */
    final long[] start;

    private final FilterGroups groups;
    private final WaitingRoom waitingRoom = new WaitingRoom(InstantSource.system());
    private final CursorOpener opener;
    private final TopicWatch topics;
    private final ReplayModel replays;
    private final List<LogConsumer> replayConsumers = new ArrayList<>();
    private final FeedMemory memory;
    private final UnansweredPartitions unanswered;
    private LogConsumer consumer;
    private Tail tail;
    private Runnable duringTurn = () -> {};
    private long now;
    private long judgingNanos;

    FeedModel(LogModel log, long windowBytes) {
        this.log = log;
        groups = new FilterGroups(this::judgingNanos);
        ModelSource source = new ModelSource(log);
        topics = new TopicWatch(log.topics(), source, log.random(5) * STEP_NANOS, this::now);
        Layout layout = topics.ask();
        consumer = log.newConsumer();
        consumer.assign(layout.partitions());
        TopicPartition any = layout.partitions().get(log.random(layout.size()));
        if (layout.size() > 1 && log.random(6) == 0) {
            log.loseLeader(any);
        }
        Instant started = Instant.ofEpochMilli(log.now());
        start = new long[layout.size()];
        long[] latest = new long[layout.size()];
        for (int p = 0; p < start.length; p++) {
            TopicPartition partition = layout.partitions().get(p);
            boolean isLeaderless = log.isLeaderless(partition);
            latest[p] = isLeaderless ? LogOffsets.UNKNOWN : log.end(partition);
            start[p] = isLeaderless ? 0 : Math.max(log.beginning(partition), latest[p] - log.random(MOST_BEFORE_END));
            consumer.seek(partition, start[p]);
        }
        LogOffsets told = new LogOffsets(layout, latest, latest, new long[0]);
        latest = told.zeroWhereUnknown().latest();
        window = new Window(windowBytes, new Position(layout, start));
        int bufferSize = 1 + (int) (windowBytes % MOST_BUFFERED);
        ReplayOptions options =
                new ReplayOptions(2, bufferSize, windowBytes * 4, Duration.ZERO, EventFilter.all(), "model");
        replays = new ReplayModel(options, this::newReplayConsumer, this::mappers, this::now);
        unanswered = new UnansweredPartitions(told, started, source, this::now);
        FeedStart feedStart = new FeedStart(new Position(layout, latest), unanswered);
        memory = new FeedMemory(
                window, groups, new EventNames(EventFilter.all()), new LeaderEpochs(), replays, feedStart);
        opener = new CursorOpener(
                window,
                groups,
                new ClientSources(replays, new OffsetLookups(source, this::now)),
                topics,
                feedStart,
                gaps -> {});
        tail = newTail();
        tail.continueIn(layout);
    }

    private Tail newTail() {
        BrokerAnswers brokers = new BrokerAnswers(consumer, new FetchAnswers(consumer), 1, 0, this::now);
        return new Tail(consumer, mappers(), memory, topics, brokers, this::now);
    }

    private LogConsumer newReplayConsumer() {
        LogConsumer made = log.newConsumer();
        made.whileWaiting(() -> now += STEP_NANOS);
        replayConsumers.add(made);
        return made;
    }

    private long now() {
        return now;
    }

    /** The time that expressions take: often there is none left. */
    private long judgingNanos() {
        judgingNanos += log.random(MOST_TO_JUDGE) * TimeUnit.MILLISECONDS.toNanos(10);
        return judgingNanos;
    }

    private MapperChain mappers() {
        return new MapperChain(
                true, this::split, null, null, new ReservedNames(Optional.empty()), new MappingFailures(() -> 0));
    }

    /** The value has what tells the record from others, and the names of the events that it is made of. */
    private void split(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        duringTurn.run();
        String value = (String) record.value();
        if (value.hashCode() % SLOW_ONE_OF == 0) {
            // A replay reader ends its batch here.
            now += STEP_NANOS + TimeUnit.MILLISECONDS.toNanos(100);
        }
        int bar = value.indexOf('|');
        String start = value.substring(0, bar) + ":";
        String names = value.substring(bar + 1);
        int part = 0;
        for (String name : names.isEmpty() ? new String[0] : names.split(",")) {
            next.accept(SseEvent.of(name.equals("message") ? null : name, start + part++));
        }
    }

    /** One turn of the tail, and what happens on other threads in the middle of it. */
    void turn(Runnable meanwhile) {
        now += STEP_NANOS;
        Runnable before = duringTurn;
        duringTurn = meanwhile;
        try {
            topics.askNowAndThen();
            tail.runOnce(Duration.ZERO, () -> {});
        } catch (KafkaException | OutOfMemoryError e) {
            restartTail();
        }
        duringTurn = before;
        waitingRoom.tryAgain(now);
    }

    /** What a feed does after a failure: another tail continues where the window ends. */
    private void restartTail() {
        if (log.random(2) == 0) {
            consumer = log.newConsumer();
        }
        tail = newTail();
        tail.continueIn(readableTopics());
    }

    /** A topic that was created anew may not be believed yet when another is lost. */
    private Layout readableTopics() {
        while (true) {
            now += STEP_NANOS;
            try {
                return topics.ask();
            } catch (KafkaException e) {
                if (!log.hasLostATopic()) {
                    throw e;
                }
            }
        }
    }

    /** The next poll of the tail or of a replay reader fails. */
    void failOnce() {
        LogConsumer any = log.random(2) == 0 ? consumer : replayConsumers.get(log.random(replayConsumers.size()));
        any.failOnce();
    }

    /** Whether the tail has read past the end of a partition, so that it notices that it has been truncated. */
    boolean hasReadPastEnd(TopicPartition partition) {
        return consumer.hasRead(partition) && consumer.position(partition) > log.end(partition);
    }

    /**
     * Whether the window may hold records of a log as it was, since the tail has yet to notice a truncation. It cannot notice
     * one of a topic that it does not read at this moment.
     */
    boolean isStale() {
        Set<TopicPartition> read = consumer.assignment();
        return consumer.isStale()
                || log.layout().partitions().stream()
                        .anyMatch(partition -> !read.contains(partition)
                                && !log.truncations(partition).isEmpty());
    }

    /** The partitions that the feed has yet to start in. */
    Set<TopicPartition> unanswered() {
        return unanswered.partitions();
    }

    /** Lets the tail notice all that has happened to the log, and read to its end. */
    void settle() {
        int left = TURNS_TO_SETTLE;
        do {
            turn(() -> {});
        } while ((consumer.isStale() || !isAtEnd()) && --left > 0);
        if (left == 0) {
            throw new AssertionError("the tail does not come to the end of the log");
        }
    }

    private boolean isAtEnd() {
        Window.End end = window.end();
        boolean atEnd = unanswered.isEmpty()
                && topics.unreadable().isEmpty()
                && end.layout().topics().equals(log.layout().topics());
        for (int i = 0; atEnd && i < end.layout().size(); i++) {
            atEnd = end.position().next()[i]
                    == log.end(end.layout().partitions().get(i));
        }
        return atEnd;
    }

    /** One turn of a replay reader; says whether there was anything for it to do. */
    boolean replayTurn() {
        now += STEP_NANOS;
        waitingRoom.tryAgain(now);
        return replays.turn(log.random(2));
    }

    /** The turns of replay readers so far. */
    int replays() {
        return replays.turns();
    }

    void open(Start wanted, Follower follower) {
        waitingRoom.letIn(opener, wanted, follower);
    }

    void leave(Follower follower) {
        waitingRoom.leave(follower);
    }

    long footprint() {
        return window.footprint();
    }
}
