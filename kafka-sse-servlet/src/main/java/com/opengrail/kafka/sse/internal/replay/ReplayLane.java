package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.threads.PayerTurns;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The requests of one feed's clients. Their payers take turns, so that one address with many requests does not hold up
 * another with one.
 *
 * <p>Limits: a request that failed waits for a growing time, and those at the same position wait with it. If there was
 * nothing to read for them, they wait until the feed has read more.
 *
 * <p>Threads: not safe; guarded by the lock of {@link ReplayQueue}, but for the time limit, which is its reader's, and
 * {@link #readBy}, which is its reader's to call.
 */
final class ReplayLane {
    private static final int NO_READER = -1;

    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(30);
    private static final long SHORTEST_LIMIT = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_LIMIT = TimeUnit.SECONDS.toNanos(8);

    /** After a turn without an answer a lane pauses this many times as long as the turn took. */
    private static final int PAUSE_FACTOR = 4;

    /**
     * How well a reader may take a lane, the best last. One that no reader has had is as good as its own: readers that are
     * always busy with their own would never take it.
     */
    enum Rank {
        NONE,
        PAUSING,
        OF_ANOTHER_READER,
        OWN
    }

    /** Requests at a position where reading failed, or where there was nothing to read for clients that cannot go on. */
    private static final class Failing {
        private final List<Replay> requests = new ArrayList<>();
        private long pause = SHORTEST_PAUSE;
        private long dueAt;

        /** The partitions of which there was nothing; empty if the feed does not tell whether there is something. */
        private BitSet watched = new BitSet();

        private long lookAt;

        boolean isWatching() {
            return !watched.isEmpty() && !requests.isEmpty();
        }

        void lookAtFeed(long now) {
            if (lookAt - now > 0) {
                return;
            }
            lookAt = now + SHORTEST_PAUSE;
            if (requests.get(0).isBehindIn(watched)) {
                watched = new BitSet();
                dueAt = now;
            }
        }

        /** True if nobody has come to the position for long. */
        boolean isOver(long now) {
            return requests.isEmpty() && dueAt + LONGEST_PAUSE - now < 0;
        }
    }

    private final TopicWatch topics;

    private final PayerTurns<Replay> waiting = new PayerTurns<>();

    private final Map<Position, Failing> failing = new HashMap<>();
    private int reader = NO_READER;
    private boolean taken;

    /** Tells the topic whose mapper may never return; {@code null} while nobody reads. */
    private volatile Supplier<String> heldUpBy;

    private boolean pausing;
    private long dueAt;
    private long limit = SHORTEST_LIMIT;

    ReplayLane(TopicWatch topics) {
        this.topics = topics;
    }

    TopicWatch topics() {
        return topics;
    }

    void add(Replay request) {
        Failing there = failing.get(request.position());
        if (there != null) {
            there.requests.add(request);
        } else {
            waiting.add(request.payer(), request);
        }
    }

    Rank rank(int number, long now) {
        if (hasWork(now)) {
            return reader == number || reader == NO_READER ? Rank.OWN : Rank.OF_ANOTHER_READER;
        }
        return taken || waiting.isEmpty() ? Rank.NONE : Rank.PAUSING;
    }

    /** The payer of all that waits, or {@code null} if there are several or none. */
    String onlyPayer() {
        return waiting.onlyPayer();
    }

    /** True if the brokers did not answer the last time. */
    boolean isPausing() {
        return pausing;
    }

    boolean hasWork(long now) {
        return untilDue(now) <= 0;
    }

    /** How long there is nothing to do, in nanoseconds. */
    long untilDue(long now) {
        if (taken) {
            return Long.MAX_VALUE;
        }
        long least = Long.MAX_VALUE;
        if (!waiting.isEmpty()) {
            least = pausing ? dueAt - now : 0;
        }
        for (Failing each : failing.values()) {
            least = each.requests.isEmpty() ? least : Math.min(least, each.dueAt - now);
        }
        return least;
    }

    /** Clients that wait at a position where there was nothing ask again if their feed has read more. */
    void lookAtFeed(long now) {
        failing.values().stream().filter(Failing::isWatching).forEach(each -> each.lookAtFeed(now));
    }

    /** How long until there may be something new in the feed, in nanoseconds. */
    long untilLook(long now) {
        return failing.values().stream()
                .filter(Failing::isWatching)
                .mapToLong(each -> each.lookAt - now)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    void take(int number) {
        reader = number;
        taken = true;
    }

    void giveBack() {
        taken = false;
        heldUpBy = null;
    }

    /** Its reader may not have it now. It is not to wait until the others have no work of their own. */
    void disown() {
        reader = NO_READER;
    }

    boolean isTaken() {
        return taken;
    }

    /** The reader that has taken the lane says how to ask it for the topic whose mapper may never return. */
    void readBy(Supplier<String> topicThatHoldsItUp) {
        heldUpBy = topicThatHoldsItUp;
    }

    /** The topic whose mapper may never return, or {@code null}. */
    String heldUpBy() {
        Supplier<String> reading = heldUpBy;
        return reading == null ? null : reading.get();
    }

    boolean isIdle(long now) {
        return !taken && waiting.isEmpty() && failing.values().stream().allMatch(each -> each.isOver(now));
    }

    /** How long the brokers may take for an answer. */
    long limit() {
        return limit;
    }

    /** The next request in turn of a client that has not gone. */
    Replay next(long now) {
        addDue(now);
        waiting.removeIf(Replay::isAbandoned);
        return waiting.poll();
    }

    /** One of those that wait after a failure tries again; the others wait for what comes of it. */
    private void addDue(long now) {
        failing.values().removeIf(each -> {
            each.requests.removeIf(Replay::isAbandoned);
            return each.isOver(now);
        });
        for (Failing each : failing.values()) {
            if (!each.requests.isEmpty() && each.dueAt - now <= 0) {
                Replay first = each.requests.remove(0);
                each.dueAt = now + each.pause;
                waiting.add(first.payer(), first);
            }
        }
    }

    /** Takes all requests that a batch is for. */
    List<Replay> takeAll(Predicate<Position> isFor) {
        List<Replay> all = new ArrayList<>();
        waiting.removeIf(request -> isFor.test(request.position()) && all.add(request));
        return all;
    }

    /** A request has been answered: the lane and its position are well. */
    void answered(Position asked) {
        well();
        Failing there = failing.remove(asked);
        if (there != null) {
            there.requests.forEach(this::add);
        }
    }

    private void well() {
        pausing = false;
        limit = SHORTEST_LIMIT;
    }

    /** The brokers did not answer in a turn that took some time. That says nothing of the position. */
    void unanswered(Replay request, long now, long tookNanos) {
        waiting.add(request.payer(), request);
        pausing = true;
        dueAt = now + PAUSE_FACTOR * tookNanos;
        limit = Math.min(LONGEST_LIMIT, 2 * limit);
    }

    /** The pause grows as after a failure, but it ends when there may be something to read. */
    void nothingAt(Position asked, long now, BitSet watched, long leftOutNanos) {
        well();
        Failing there = postpone(asked, now);
        there.dueAt = now + Math.min(there.pause, leftOutNanos);
        there.watched = watched;
        there.lookAt = now + SHORTEST_PAUSE;
        there.requests.addAll(takeAll(asked::equals));
    }

    void failed(Replay request, long now) {
        Failing there = postpone(request.position(), now);
        there.requests.add(request);
        there.requests.addAll(takeAll(request.position()::equals));
    }

    /** Each time the pause is longer. */
    private Failing postpone(Position position, long now) {
        Failing there = failing.get(position);
        if (there == null) {
            there = new Failing();
            failing.put(position, there);
        } else {
            there.pause = Math.min(LONGEST_PAUSE, 2 * there.pause);
        }
        there.dueAt = now + there.pause;
        there.watched = new BitSet();
        return there;
    }
}
