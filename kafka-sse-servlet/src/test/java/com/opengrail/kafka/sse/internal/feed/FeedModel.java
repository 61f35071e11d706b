package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;

/** One server: the real tail, window and views behind a log. */
final class FeedModel {
    final Window window;
    final FilterViews views = new FilterViews();
    final LogModel log;
    private final MockConsumer<byte[], byte[]> consumer;
    private final CursorOpener opener;
    private final Tail tail;
    private Runnable duringTurn = () -> {};

    FeedModel(LogModel log, long windowBytes) {
        this.log = log;
        consumer = log.newConsumer();
        window = new Window(windowBytes, log.layout, log.beginning());
        opener = new CursorOpener(window, views, log.layout, log.beginning());
        MapperChain mappers = new MapperChain(true, this::split, null, null, new MappingFailures(() -> 0));
        tail = new Tail(consumer, mappers, window, views, new EventNames(EventFilter.all()), () -> log.layout);
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
        duringTurn = meanwhile;
        tail.runOnce(Duration.ZERO, 0);
        duringTurn = () -> {};
    }

    void open(Start start, EventFilter filter, Follower follower) {
        if (!opener.openFromMemory(start, filter, follower)) {
            consumer.updateEndOffsets(log.ends());
            opener.open(start, filter, follower, new BrokerOffsets(consumer, log.layout, Duration.ZERO));
        }
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
