package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.window.Batch;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The lanes that wait for a reader. A lane belongs to one reader, which keeps what it has fetched ahead there. A reader
 * without work takes over a lane of one that is busy elsewhere.
 *
 * <p>Lanes take turns, so the clients of one feed do not wait for all those of another. Lanes in which a single payer waits
 * have one turn together with each reader. So one address gains nothing by following many feeds that nobody else replays.
 * If the brokers of a lane do not answer, the lane gets a turn only after a pause. So it takes only a small part of a
 * reader's time.
 *
 * <p>The mapper of a topic may never return. So the last free reader is given no lane that shares a topic with the lane of
 * a busy one. If that one is held up by the mapper of one topic, only that topic counts. So one topic cannot take all
 * readers, if there are several.
 *
 * <p>Threads: safe. The lock is held for a few assignments.
 */
final class ReplayQueue {
    /** A lane that the last reader is not given is looked at again so soon. */
    private static final long RESERVED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int readers;
    private final LongSupplier nanoTime;

    /** Guarded by this. Lanes in the order of their turns, by feed. */
    private final Map<TopicWatch, ReplayLane> lanes = new LinkedHashMap<>();

    ReplayQueue(int readers, LongSupplier nanoTime) {
        this.readers = readers;
        this.nanoTime = nanoTime;
    }

    private ReplayLane lane(TopicWatch topics) {
        return lanes.computeIfAbsent(topics, ReplayLane::new);
    }

    synchronized void add(Replay request) {
        lane(request.topics()).add(request);
        notifyAll();
    }

    /**
     * Gives a reader a lane that has work. The reader has it until it gives it back.
     *
     * @param reader its number
     * @return the lane, or {@code null} if there is no work within a time
     */
    synchronized ReplayLane take(int reader, long millis) throws InterruptedException {
        long end = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (true) {
            long now = nanoTime.getAsLong();
            lanes.values().forEach(lane -> lane.lookAtFeed(now));
            ReplayLane next = next(reader, now);
            if (next != null || now - end >= 0) {
                return next;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(end - now, untilDue(now)));
        }
    }

    /** The next lane in turn, one of the reader's own if possible; one that pauses if there is no other. */
    private ReplayLane next(int reader, long now) {
        ReplayLane found = null;
        Set<String> awaited = new HashSet<>();
        List<ReplayLane> busy = ofAllOtherReaders();
        for (ReplayLane lane : lanes.values()) {
            List<String> topics = lane.topics().topics();
            ReplayLane.Rank best = found == null ? ReplayLane.Rank.NONE : found.rank(reader, now);
            boolean isBetter = lane.rank(reader, now).compareTo(best) > 0 && Collections.disjoint(awaited, topics);
            List<ReplayLane> inTheWay = isBetter ? inTheWayOf(topics, busy) : List.of();
            if (isBetter && inTheWay.isEmpty()) {
                found = lane;
            } else if (isBetter) {
                lane.disown();
                // It is next: those that would be in its way wait with it, unless a mapper takes long.
                if (lane.hasWork(now) && inTheWay.stream().allMatch(other -> other.heldUpBy() == null)) {
                    awaited.addAll(topics);
                }
            }
        }
        if (found != null) {
            found.take(reader);
            for (ReplayLane lane : ofOnly(found.onlyPayer())) {
                // Those of another reader have their turn there, and one that is held back for keeps its place.
                if (lane.rank(reader, now) == ReplayLane.Rank.OWN
                        && Collections.disjoint(awaited, lane.topics().topics())) {
                    moveToEnd(lane);
                }
            }
            moveToEnd(found);
        }
        return found;
    }

    /** The lanes in which only one payer waits; none if there is no such payer. */
    private List<ReplayLane> ofOnly(String payer) {
        return payer == null
                ? List.of()
                : lanes.values().stream()
                        .filter(lane -> payer.equals(lane.onlyPayer()))
                        .toList();
    }

    private void moveToEnd(ReplayLane lane) {
        lanes.remove(lane.topics());
        lanes.put(lane.topics(), lane);
    }

    /** The lanes of all readers but one; none if more than one is free, or if there is only one. */
    private List<ReplayLane> ofAllOtherReaders() {
        List<ReplayLane> taken =
                lanes.values().stream().filter(ReplayLane::isTaken).toList();
        return taken.size() == readers - 1 ? taken : List.of();
    }

    /** The lanes that have to be given back before the last free reader may have one of these topics. */
    private static List<ReplayLane> inTheWayOf(List<String> topics, List<ReplayLane> busy) {
        return busy.stream().filter(lane -> mayHangIn(lane, topics)).toList();
    }

    /** True if the mapper of one of these topics may hold up the reader that has a lane. */
    private static boolean mayHangIn(ReplayLane lane, List<String> topics) {
        String present = lane.heldUpBy();
        return present == null ? !Collections.disjoint(topics, lane.topics().topics()) : topics.contains(present);
    }

    /** True if a lane whose brokers do not answer keeps a reader from a lane that has work. */
    synchronized boolean isToGiveWay(ReplayLane lane) {
        long now = nanoTime.getAsLong();
        return lane.isPausing() && lanes.values().stream().anyMatch(other -> other.hasWork(now));
    }

    /** When to look again. What is due already waits for another reader, which may be held up. */
    private long untilDue(long now) {
        long least = Long.MAX_VALUE;
        for (ReplayLane each : lanes.values()) {
            long due = each.untilDue(now);
            least = Math.min(least, due <= 0 ? RESERVED_NANOS : Math.min(due, each.untilLook(now)));
        }
        return Math.max(TimeUnit.MILLISECONDS.toNanos(1), least);
    }

    /** The next request of a lane that the reader has, or {@code null}. */
    synchronized Replay request(ReplayLane lane) {
        return lane.next(nanoTime.getAsLong());
    }

    /**
     * The brokers have answered a request at a position.
     *
     * @param batch what was read, or {@code null} if the answer is another one
     * @return all others of the lane that the batch is for
     */
    synchronized List<Replay> answered(ReplayLane lane, Position asked, Batch batch) {
        lane.answered(asked);
        return batch == null ? List.of() : lane.takeAll(batch::leadsOnFrom);
    }

    /**
     * There is nothing to read at a position, and clients there may be kept from joining the window, by a partition that cannot
     * be read: whoever asks there again waits.
     *
     * @param watched whoever waits asks again soon after the feed has read more of one of these partitions
     * @param leftOutNanos how long until a partition that was left out may be read again
     */
    synchronized void nothingAt(ReplayLane lane, Position asked, BitSet watched, long leftOutNanos) {
        lane.nothingAt(asked, nanoTime.getAsLong(), watched, leftOutNanos);
    }

    /** A request could not be served: it waits, and so do others at its position. */
    synchronized void failed(ReplayLane lane, Replay request) {
        lane.failed(request, nanoTime.getAsLong());
    }

    /** The brokers gave no answer in time: the lane waits. */
    synchronized void unanswered(ReplayLane lane, Replay request, long tookNanos) {
        lane.unanswered(request, nanoTime.getAsLong(), tookNanos);
    }

    /** A reader has finished its turn with a lane. */
    synchronized void giveBack(ReplayLane lane) {
        lane.giveBack();
        long now = nanoTime.getAsLong();
        lanes.values().removeIf(each -> each.isIdle(now));
        notifyAll();
    }
}
