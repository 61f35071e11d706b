package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.position.EventId;
import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.source.UnansweredPartitions;
import com.opengrail.kafka.sse.internal.window.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Opens cursors: turns where a client wants to start into a position in the window or behind it.
 *
 * <p>Threads: safe, and no thread waits.
 */
public final class CursorOpener {
    final Window window;
    final FilterGroups groups;
    final Replays replays;
    private final OffsetLookups lookups;
    private final TopicWatch topics;

    private final FeedStart started;
    private final IntConsumer gapsFound;

    /**
     * An opener.
     *
     * @param gapsFound counts the gaps that clients find
     */
    public CursorOpener(
            Window window,
            FilterGroups groups,
            ClientSources sources,
            TopicWatch topics,
            FeedStart started,
            IntConsumer gapsFound) {
        this.window = window;
        this.groups = groups;
        this.replays = sources.replays();
        this.lookups = sources.lookups();
        this.topics = topics;
        this.started = started;
        this.gapsFound = gapsFound;
    }

    OffsetLookups lookups() {
        return lookups;
    }

    TopicWatch topics() {
        return topics;
    }

    /**
     * Opens a cursor. Does so at once if no answer of the brokers is needed.
     *
     * @return the opening that has to ask the brokers first, or {@code null} if the cursor has been opened
     */
    public Opening open(Start start, Follower follower) {
        // Asked first: what it tells is in the end that is looked at afterwards.
        Set<TopicPartition> unanswered = started.unanswered().partitions();
        Window.End end = window.end();
        if (start instanceof Start.Latest) {
            openAtLatest(end, follower);
            return null;
        }
        if (start instanceof Start.UnknownId) {
            open(new Resumption(latest(end), List.of(Gap.UNKNOWN_ID)), true, follower);
            return null;
        }
        if (start instanceof Start.After after && after.id().isWithin(end.layout())) {
            Position position = named(after.id(), end.layout());
            if (position != null && isKnownToExist(position.zeroAt(unanswered), end)) {
                open(new Resumption(position, List.of()), false, follower);
                return null;
            }
        }
        return new Opening(this, start, follower);
    }

    private void openAtLatest(Window.End end, Follower follower) {
        Position latest = latest(end);
        if (latest == end.position()) {
            Cursor cursor = new Cursor(this, follower);
            cursor.startAtEnd();
            follower.opened(cursor);
        } else {
            open(new Resumption(latest, List.of()), true, follower);
        }
    }

    /** The end of the log. The tail of a feed that has just started may not have reached it yet. */
    private Position latest(Window.End end) {
        Position firstLatest = started.latest();
        boolean isOnItsWay = end.layout() == firstLatest.layout()
                && !firstLatest.isAtOrBefore(end.position())
                && !end.isOutlivedBy(firstLatest);
        return isOnItsWay ? firstLatest.orLater(end.position()) : end.position();
    }

    /** How far the log went when the feed last looked, or {@code null} if there are partitions that it knows nothing of. */
    Position seen() {
        boolean isAllKnown = started.unanswered().isEmpty();
        Position end = latest(window.end());
        return isAllKnown ? end : null;
    }

    /** True if a start needs partitions that have not told their offsets yet: to ask for them is the feed's part. */
    boolean waitsForPartitions(Start start) {
        return !started.unanswered().allows(start, topics.layout());
    }

    /** Opens a cursor with the offsets that the brokers told; false if an offset that is needed is missing. */
    boolean open(Start start, Follower follower, LogOffsets offsets) {
        Layout layout = offsets.layout();
        if (start.asked() instanceof Start.AtOffsets at && namesUnknownPartition(at, layout)) {
            follower.failed(new StartFailure(
                    StartFailure.Reason.BAD_REQUEST, "offset names a partition that the topic does not have"));
            return true;
        }
        UnansweredPartitions unanswered = started.unanswered();
        Resumption resumption = Resumption.of(start, seenFromWindow(unanswered.fillIn(start, offsets)));
        if (resumption != null) {
            open(resumption, unanswered.startsWithWindow(start), follower);
        }
        return resumption != null;
    }

    private LogOffsets seenFromWindow(LogOffsets offsets) {
        Set<TopicPartition> unanswered = started.unanswered().partitions();
        Position end = window.end().position();
        return end.layout() == offsets.layout() ? offsets.seenFrom(end, topics.gone(), unanswered) : offsets;
    }

    /**
     * Where a client behind the window continues without reading: the topics are others by now, or one is gone with what the
     * client has not had of it. It is {@code null} if neither is so.
     */
    Replay.Moved moved(Position from) {
        Replay.Moved moved = elsewhere(from);
        if (moved != null) {
            gapsFound.accept(moved.gaps().size());
        }
        return moved;
    }

    private Replay.Moved elsewhere(Position from) {
        Layout newest = topics.layout();
        if (newest != from.layout()) {
            return Replay.moved(from, newest);
        }
        List<Gap> gaps = missed(from, topics.gone());
        return gaps.isEmpty() ? null : new Replay.Moved(from.after(gaps), gaps);
    }

    private List<Gap> missed(Position from, Set<String> gone) {
        List<Gap> gaps = new ArrayList<>();
        Position end = window.end().position();
        boolean isAny = !gone.isEmpty() && end.layout() == from.layout();
        for (int i = 0; isAny && i < from.next().length; i++) {
            TopicPartition partition = from.layout().partitions().get(i);
            if (gone.contains(partition.topic()) && from.next()[i] < end.next()[i]) {
                gaps.add(new Gap(partition, from.next()[i], end.next()[i], Gap.Reason.RETENTION));
            }
        }
        return gaps;
    }

    private void open(Resumption resumption, boolean startsWithWindow, Follower follower) {
        gapsFound.accept(resumption.gaps().size());
        Cursor cursor = new Cursor(this, follower);
        cursor.start(resumption, startsWithWindow);
        follower.opened(cursor);
    }

    static boolean namesUnknownPartition(Start.AtOffsets at, Layout layout) {
        String topic = layout.topics().get(0).name();
        return at.offsets().keySet().stream().anyMatch(partition -> layout.indexOf(topic, partition) < 0);
    }

    private boolean isKnownToExist(Position position, Window.End end) {
        return position.isAtOrBefore(end.position())
                || end.layout() == started.latest().layout() && position.isAtOrBefore(started.latest());
    }

    /** The position that an id stands for, or {@code null} if it does not name every partition. */
    private static Position named(EventId id, Layout layout) {
        long[] next = new long[layout.size()];
        for (int i = 0; i < next.length; i++) {
            TopicPartition partition = layout.partitions().get(i);
            next[i] = id.next(layout.topicOf(i), partition.partition());
            if (next[i] < 0) {
                return null;
            }
        }
        return new Position(layout, next);
    }
}
