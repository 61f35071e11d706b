package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.feed.Place;
import com.opengrail.kafka.sse.internal.feed.Replay;
import com.opengrail.kafka.sse.internal.feed.Replays.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The requests that wait for a reader. In each round every one that waited when it began has one turn, and those that are
 * further behind in the log come first: so the log is gone through once in a round, by all who are near each other together,
 * and what has been read for one is still there for the next.
 *
 * <p>One that goes on where a reader stands waits for that reader, which has fetched ahead there: another one would have to
 * fetch all of it again. One that goes on from where an idle reader has read ahead is for that reader too, which can then
 * read on. What could not be served has its next turn some time later, and does not keep others waiting.
 *
 * <p>Threads: safe; the lock is held for a few assignments.
 */
final class ReplayQueue {
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_CHECK_NANOS = RETRY_NANOS / 10;

    /** A request that could not be served, and when it is to be tried again. */
    private record Failed(Request request, long dueAt) {}

    /** A request in its round. */
    private record Turn(Request request, long round, int topics, long offsets, long number) {
        private static final Comparator<Turn> ORDER = Comparator.comparingLong(Turn::round)
                .thenComparingInt(Turn::topics)
                .thenComparingLong(Turn::offsets)
                .thenComparingLong(Turn::number);
    }

    /** What is for one reader: where its consumer stands, and who goes on there. */
    private static final class Reader {
        private final Queue<Request> waiting = new ArrayDeque<>();
        private final Condition called;
        private boolean idle;
        private Place stand;

        /** From where it has read ahead, until it is given something to do. */
        private Place readAheadFrom;

        private boolean hadItsOwn;

        Reader(Condition called) {
            this.called = called;
        }

        boolean isToServe(Place place, boolean cached) {
            return place.equals(readAheadFrom) || !cached && place.equals(stand);
        }
    }

    private final BatchCache cache;
    private final ReentrantLock lock = new ReentrantLock();

    /** All that follows is guarded by the lock. */
    private final Queue<Turn> forAnybody = new PriorityQueue<>(Turn.ORDER);

    private long round;
    private long added;

    private final Queue<Failed> failed = new ArrayDeque<>();
    private final List<Reader> readers = new ArrayList<>();

    /**
     * An empty queue.
     *
     * @param readers how many readers there are; each is named by a number from 0
     * @param cache what any of them can serve without a consumer
     */
    ReplayQueue(int readers, BatchCache cache) {
        this.cache = cache;
        for (int i = 0; i < readers; i++) {
            this.readers.add(new Reader(lock.newCondition()));
        }
    }

    void add(Request request) {
        lock.lock();
        try {
            Reader nearest = nearest(request, null);
            if (nearest != null && nearest.idle) {
                addFor(nearest, request);
                return;
            }
            addForAnybody(request);
            // The nearest one, if there is one, finds it when it has finished what it is at.
            if (nearest == null) {
                callOne();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds a request that could not be served, for some time later. */
    void addLater(Request request) {
        lock.lock();
        try {
            failed.add(new Failed(request, System.nanoTime() + RETRY_NANOS));
            callOne();
        } finally {
            lock.unlock();
        }
    }

    /** Says where a reader would read on without fetching anew; {@code null} for nowhere. It has read nothing ahead. */
    void standsAt(int number, Place stand) {
        standsAt(number, stand, null);
    }

    /**
     * Says where a reader would read on without fetching anew.
     *
     * @param stand {@code null} for nowhere
     * @param readAheadFrom from where it has read ahead, or does so, having nothing else to do; {@code null} for nowhere
     */
    void standsAt(int number, Place stand, Place readAheadFrom) {
        lock.lock();
        try {
            Reader reader = readers.get(number);
            reader.stand = stand;
            reader.readAheadFrom = readAheadFrom;
            if (stand == null && !reader.waiting.isEmpty()) {
                reader.waiting.forEach(this::addForAnybody);
                reader.waiting.clear();
            }
            if (stand == null && !forAnybody.isEmpty()) {
                callOne();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a reader other than one stands at a place. */
    boolean isStoodAtByAnother(int number, Place place) {
        lock.lock();
        try {
            for (int i = 0; i < readers.size(); i++) {
                if (i != number && place.equals(readers.get(i).stand)) {
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** The next in turn for a reader, or {@code null} if none comes within a time. */
    Request next(int number, long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lockInterruptibly();
        Reader reader = readers.get(number);
        try {
            Request next = poll(reader);
            long left = end - System.nanoTime();
            while (next == null && left > 0) {
                reader.idle = true;
                reader.called.awaitNanos(failed.isEmpty() ? left : Math.min(left, RETRY_CHECK_NANOS));
                next = poll(reader);
                left = end - System.nanoTime();
            }
            if (next != null) {
                reader.readAheadFrom = null;
            }
            return next;
        } finally {
            reader.idle = false;
            lock.unlock();
        }
    }

    /** What goes on where the reader stands and all else take turns. */
    private Request poll(Reader reader) {
        addDue();
        boolean own = !reader.hadItsOwn && !reader.waiting.isEmpty();
        Request next = own ? null : pollForAnybody(reader);
        reader.hadItsOwn = next == null;
        return next == null ? reader.waiting.poll() : next;
    }

    private Request pollForAnybody(Reader reader) {
        Turn next = forAnybody.poll();
        Reader nearest = next == null ? null : nearest(next.request(), reader);
        while (nearest != null && nearest != reader) {
            addFor(nearest, next.request());
            next = forAnybody.poll();
            nearest = next == null ? null : nearest(next.request(), reader);
        }
        if (next == null) {
            return null;
        }
        round = next.round();
        return next.request();
    }

    private void addFor(Reader reader, Request request) {
        reader.waiting.add(request);
        call(reader);
    }

    private void callOne() {
        for (Reader reader : readers) {
            if (reader.idle) {
                call(reader);
                return;
            }
        }
    }

    /** From now on it has something to do: neither the next call nor who comes to where it has read ahead is for it, too. */
    private static void call(Reader reader) {
        reader.idle = false;
        reader.readAheadFrom = null;
        reader.called.signal();
    }

    /** Openings have no place in the log yet, and their turn at the beginning of the round. */
    private void addForAnybody(Request request) {
        int topics = 0;
        long offsets = -1;
        if (request instanceof Replay replay) {
            Place place = replay.readsOn();
            topics = System.identityHashCode(place.layout());
            offsets = place.offsets();
        }
        forAnybody.add(new Turn(request, round + 1, topics, offsets, added++));
    }

    /** The reader that serves the request with less effort than others, which may be the preferred one, if there is one. */
    private Reader nearest(Request request, Reader preferred) {
        if (!(request instanceof Replay replay)) {
            return null;
        }
        Place place = replay.readsOn();
        boolean cached = cache.after(place) != null;
        if (preferred != null && preferred.isToServe(place, cached)) {
            return preferred;
        }
        for (Reader reader : readers) {
            if (reader.isToServe(place, cached)) {
                return reader;
            }
        }
        return null;
    }

    private void addDue() {
        Iterator<Failed> oldest = failed.iterator();
        boolean due = true;
        while (due && oldest.hasNext()) {
            Failed next = oldest.next();
            due = next.dueAt() - System.nanoTime() <= 0;
            if (due) {
                oldest.remove();
                addForAnybody(next.request());
            }
        }
    }
}
