package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.replay.BatchCache;
import com.opengrail.kafka.sse.internal.replay.ReplayOptions;
import com.opengrail.kafka.sse.internal.replay.ReplayReader;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import com.opengrail.kafka.sse.internal.source.TopicDescriber;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One server: the real tail, window, views and replay readers behind a log. */
final class FeedModel {
    private static final int MOST_BEFORE_END = 60;
    private static final int TURNS_TO_SETTLE = 10_000;
    private static final int MOST_BUFFERED = 40;

    final Window window;
    final LogModel log;

    /** Where the window began. */
    final long[] start;

    private final FilterViews views = new FilterViews();
    private final CursorOpener opener;
    private final Tail tail;
    private final List<ReplayReader> readers;
    private final Queue<Replays.Request> waiting = new ArrayDeque<>();
    private final BatchCache cache;
    private final ReplayOptions replayOptions;
    private Runnable duringTurn = () -> {};
    private long turns;
    private int replays;

    FeedModel(LogModel log, long windowBytes) {
        this.log = log;
        TopicWatch topics = new TopicWatch(List.of(LogModel.TOPIC), describer(), log.random(5), 0);
        Layout layout = topics.ask();
        LogConsumer consumer = log.newConsumer();
        consumer.assign(layout.partitions());
        start = new long[layout.size()];
        long[] latest = new long[layout.size()];
        for (int p = 0; p < start.length; p++) {
            latest[p] = log.end(p);
            start[p] = Math.max(log.beginning(p), latest[p] - log.random(MOST_BEFORE_END));
            consumer.seek(layout.partitions().get(p), start[p]);
        }
        window = new Window(windowBytes, layout, start);
        FeedSources sources = new FeedSources(null, waiting::add, "model", new Counters());
        EventFilter all = EventFilter.all();
        opener = new CursorOpener(window, views, sources, topics, new Place(layout, latest));
        tail = new Tail(consumer, mappers(), window, views, new EventNames(all), topics);
        int bufferSize = 1 + (int) (windowBytes % MOST_BUFFERED);
        replayOptions = new ReplayOptions(2, bufferSize, windowBytes * 4, Duration.ZERO, all, "model");
        cache = new BatchCache(replayOptions.cacheBytes());
        readers = List.of(newReader(1), newReader(0));
    }

    private TopicDescriber describer() {
        return new TopicDescriber() {
            @Override
            public CompletionStage<Layout> describe(List<String> topics) {
                return CompletableFuture.completedStage(log.layoutHeardOf());
            }

            @Override
            public void close() {}
        };
    }

    private ReplayReader newReader(int other) {
        return new ReplayReader(
                log.newConsumer(),
                mappers(),
                replayOptions,
                cache,
                place -> place.equals(readers.get(other).stand()));
    }

    private MapperChain mappers() {
        return new MapperChain(
                true, this::split, null, null, new ReservedNames(Optional.empty()), new MappingFailures(() -> 0));
    }

    /** The value has the incarnation and the names of the events that a record is made of. */
    private void split(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        duringTurn.run();
        String value = (String) record.value();
        int bar = value.indexOf('|');
        String start = value.substring(0, bar) + ":" + record.partition() + ":" + record.offset() + ":";
        String names = value.substring(bar + 1);
        int part = 0;
        for (String name : names.isEmpty() ? new String[0] : names.split(",")) {
            next.accept(SseEvent.of(name.equals("message") ? null : name, start + part++));
        }
    }

    /** One turn of the tail, and what happens on other threads in the middle of it. */
    void turn(Runnable meanwhile) {
        Runnable before = duringTurn;
        duringTurn = meanwhile;
        tail.runOnce(Duration.ZERO, ++turns);
        duringTurn = before;
    }

    /** Lets the tail notice all that has happened to the log, and read to its end. */
    void settle() {
        int left = TURNS_TO_SETTLE;
        do {
            turn(() -> {});
        } while (!isAtEnd() && --left > 0);
        if (left == 0) {
            throw new AssertionError("the tail does not come to the end of the log");
        }
    }

    private boolean isAtEnd() {
        Window.End end = window.end();
        boolean atEnd = end.layout().topics().equals(log.layout().topics());
        for (int p = 0; atEnd && p < end.position().length; p++) {
            atEnd = end.position()[p] == log.end(p);
        }
        return atEnd;
    }

    /** One turn of a replay reader, every other time with a look ahead; says whether there was anything for it to do. */
    boolean replayTurn() {
        Replays.Request next = waiting.poll();
        if (next != null && !next.isAbandoned()) {
            replays++;
            ReplayReader reader = readers.get(log.random(readers.size()));
            if (reader.serve(next) != ReplayReader.Served.DONE) {
                waiting.add(next);
            } else if (replays % 2 == 0 && reader.leadsOn() != null) {
                reader.readAhead();
            }
        }
        return next != null;
    }

    /** The turns of replay readers so far. */
    int replays() {
        return replays;
    }

    void open(Start start, EventFilter filter, Follower follower) {
        opener.open(start, filter, follower);
    }

    long footprint() {
        long bytes = 0;
        Segment segment = window.segment(window.end().newestSegment());
        while (segment != null) {
            bytes += segment.footprint();
            segment = window.segment(segment.number - 1);
        }
        return bytes;
    }
}
