package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.replay.ReplayReader;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One server: the real tail, window, views and replay reader behind a log. */
final class FeedModel {
    final Window window;
    final LogModel log;
    private final FilterViews views = new FilterViews();
    private final CursorOpener opener;
    private final Tail tail;
    private final List<ReplayReader> readers;
    private final Queue<Replays.Request> waiting = new ArrayDeque<>();
    private Runnable duringTurn = () -> {};

    FeedModel(LogModel log, long windowBytes) {
        this.log = log;
        LogConsumer consumer = log.newConsumer();
        consumer.assign(log.layout.partitions());
        long[] start = log.beginning();
        for (int p = 0; p < start.length; p++) {
            consumer.seek(log.layout.partitions().get(p), start[p]);
        }
        window = new Window(windowBytes, log.layout, start);
        opener = new CursorOpener(
                window, views, EventFilter.all(), waiting::add, new Place(log.layout, start), new Counters());
        tail = new Tail(consumer, mappers(), window, views, new EventNames(EventFilter.all()), () -> log.layout);
        readers = List.of(newReader(), newReader());
    }

    private ReplayReader newReader() {
        return new ReplayReader(log.newConsumer(), mappers(), Duration.ZERO);
    }

    private MapperChain mappers() {
        return new MapperChain(true, this::split, null, null, new MappingFailures(() -> 0));
    }

    /** The value lists the names of the events that a record is made of. */
    private void split(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        duringTurn.run();
        String names = (String) record.value();
        int part = 0;
        for (String name : names.isEmpty() ? new String[0] : names.split(",")) {
            String data = record.partition() + ":" + record.offset() + ":" + part++;
            next.accept(SseEvent.of(name.equals("message") ? null : name, data));
        }
    }

    /** One turn of the tail, and what happens on other threads in the middle of it. */
    void turn(Runnable meanwhile) {
        Runnable before = duringTurn;
        duringTurn = meanwhile;
        tail.runOnce(Duration.ZERO, 0);
        duringTurn = before;
    }

    /** One turn of a replay reader; says whether there was anything for it to do. */
    boolean replayTurn() {
        Replays.Request next = waiting.poll();
        if (next != null && !next.isAbandoned()) {
            readers.get(log.random(readers.size())).serve(next);
        }
        return next != null;
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
