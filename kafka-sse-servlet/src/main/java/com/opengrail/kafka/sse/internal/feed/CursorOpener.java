package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.EventId;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * Opens cursors: turns where a client wants to start into a place in the window or behind it.
 *
 * <p>Threads: safe; what the brokers must be asked is asked by a replay reader ({@link BrokerOffsets}), so that no client keeps
 * the tail from reading.
 */
final class CursorOpener {
    private final Window window;
    private final FilterViews views;
    private final Replays replays;
    private final TopicWatch topics;
    private final Counters counters;

    /** The end of the log when the tail started, which it may still be on its way to. */
    private final Place firstLatest;

    CursorOpener(Window window, FilterViews views, FeedSources sources, TopicWatch topics, Place firstLatest) {
        this.window = window;
        this.views = views;
        this.replays = sources.replays();
        this.topics = topics;
        this.firstLatest = firstLatest;
        this.counters = sources.counters();
    }

    Window window() {
        return window;
    }

    FilterViews views() {
        return views;
    }

    Replays replays() {
        return replays;
    }

    TopicWatch topics() {
        return topics;
    }

    /** Opens a cursor: at once if that takes nothing but what is known here, else when the brokers have been asked. */
    void open(Start start, EventFilter filter, Follower follower) {
        Window.End end = window.end();
        if (start instanceof Start.Latest) {
            openAtLatest(end, filter, follower);
            return;
        }
        if (start instanceof Start.After after && after.id().isWithin(end.layout())) {
            long[] position = named(after.id(), end.layout());
            if (position != null && isKnownToExist(position, end)) {
                open(new Resumption(new Place(end.layout(), position), List.of()), filter, follower);
                return;
            }
        }
        replays.serve(new Opening(this, start, filter, follower));
    }

    /** The tail of a feed that has just started may still be on its way to what was the end of the log then. */
    private void openAtLatest(Window.End end, EventFilter filter, Follower follower) {
        if (end.layout() == firstLatest.layout()
                && !isReached(firstLatest.next(), end.position())
                && !end.isOutlivedBy(firstLatest.next())) {
            open(new Resumption(firstLatest, List.of()), filter, follower);
        } else {
            Cursor cursor = new Cursor(this, filter, follower);
            cursor.startAtEnd();
            follower.opened(cursor);
        }
    }

    /** Opens a cursor with what the brokers say of the offsets. */
    void open(Start start, EventFilter filter, Follower follower, BrokerOffsets brokers) {
        Layout layout = brokers.layout();
        if (start instanceof Start.AtOffsets at && namesUnknownPartition(at, layout)) {
            follower.refused(new Refusal(
                    Refusal.Reason.BAD_REQUEST, "offset names a partition that topic " + layout + " does not have"));
            return;
        }
        open(Resumption.of(start, layout, brokers), filter, follower);
    }

    private void open(Resumption resumption, EventFilter filter, Follower follower) {
        counters.gapsFound(resumption.gaps().size());
        Cursor cursor = new Cursor(this, filter, follower);
        cursor.startAt(resumption.place(), resumption.gaps());
        follower.opened(cursor);
    }

    static boolean namesUnknownPartition(Start.AtOffsets at, Layout layout) {
        String topic = layout.topics().get(0).name();
        return at.offsets().keySet().stream().anyMatch(partition -> layout.indexOf(topic, partition) < 0);
    }

    private boolean isKnownToExist(long[] position, Window.End end) {
        return isReached(position, end.position())
                || end.layout() == firstLatest.layout() && isReached(position, firstLatest.next());
    }

    private static boolean isReached(long[] position, long[] windowEnd) {
        for (int i = 0; i < position.length; i++) {
            if (position[i] > windowEnd[i]) {
                return false;
            }
        }
        return true;
    }

    /** The position that an id stands for, or {@code null} if it does not name every partition. */
    private static long[] named(EventId id, Layout layout) {
        long[] position = new long[layout.size()];
        for (int i = 0; i < position.length; i++) {
            TopicPartition partition = layout.partitions().get(i);
            position[i] = id.next(partition.topic(), partition.partition());
            if (position[i] < 0) {
                return null;
            }
        }
        return position;
    }
}
