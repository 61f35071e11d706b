package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.EventId;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;
import org.apache.kafka.common.TopicPartition;

/**
 * Opens cursors: turns where a client wants to start into a place in the window.
 *
 * <p>Threads: safe; what the brokers must be asked is asked by the feed's thread ({@link BrokerOffsets}).
 */
final class CursorOpener {
    private final Window window;
    private final FilterViews views;

    /** The end of the log when the tail started, which it may still be on its way to. */
    private final Layout firstLayout;

    private final long[] firstLatest;

    CursorOpener(Window window, FilterViews views, Layout layout, long[] latest) {
        this.window = window;
        this.views = views;
        this.firstLayout = layout;
        this.firstLatest = latest;
    }

    /**
     * Opens a cursor if that takes nothing but what is known here.
     *
     * @return whether the follower has been told that its stream starts or does not
     */
    boolean openFromMemory(Start start, EventFilter filter, Follower follower) {
        Window.End end = window.end();
        if (start instanceof Start.Latest && !isBehindFirstLatest(end)) {
            openAt(null, end.layout(), filter, follower);
            return true;
        }
        if (start instanceof Start.After after) {
            long[] position = named(after.id(), end.layout());
            if (position != null && isReached(position, end.position()) && isOfTheseTopics(after.id(), end.layout())) {
                openAt(position, end.layout(), filter, follower);
                return true;
            }
        }
        return false;
    }

    /** Opens a cursor with what the brokers say of the offsets. */
    void open(Start start, EventFilter filter, Follower follower, BrokerOffsets brokers) {
        Layout layout = window.end().layout();
        if (start instanceof Start.After after && !isOfTheseTopics(after.id(), layout)) {
            follower.refused(new Refusal(
                    Refusal.Reason.BAD_REQUEST,
                    "Last-Event-ID belongs to a topic that has been deleted and created anew"));
            return;
        }
        long[] position = new long[layout.size()];
        for (int i = 0; i < position.length; i++) {
            TopicPartition partition = layout.partitions().get(i);
            position[i] = brokers.next(start, partition);
            if (position[i] > brokers.latest(partition)) {
                follower.refused(new Refusal(
                        Refusal.Reason.BAD_REQUEST,
                        "the position asked for is beyond the end of the log: offset " + position[i] + " of partition "
                                + partition + ", which ends at " + brokers.latest(partition)));
                return;
            }
        }
        openAt(position, layout, filter, follower);
    }

    private void openAt(long[] position, Layout layout, EventFilter filter, Follower follower) {
        View view = views.join(filter, follower);
        Cursor cursor = new Cursor(window, views, view, follower);
        if (position != null) {
            Segment segment = window.segmentBefore(position, layout);
            if (segment == null) {
                cursor.close();
                follower.refused(new Refusal(
                        Refusal.Reason.BAD_REQUEST,
                        "the position asked for is older than the recent events that this server holds in memory;"
                                + " start without a position or with offset=latest"));
                return;
            }
            cursor.startIn(segment, position);
        }
        follower.opened(cursor);
    }

    private boolean isBehindFirstLatest(Window.End end) {
        return end.layout() == firstLayout && !isReached(firstLatest, end.position());
    }

    private static boolean isReached(long[] position, long[] windowEnd) {
        for (int i = 0; i < position.length; i++) {
            if (position[i] > windowEnd[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfTheseTopics(EventId id, Layout layout) {
        return layout.topics().stream().allMatch(id::isOf);
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
