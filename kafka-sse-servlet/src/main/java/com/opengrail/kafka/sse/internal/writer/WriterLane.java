package com.opengrail.kafka.sse.internal.writer;

import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The clients of one writer thread, and who of them has the next turn. They have turns in the order in which they were woken.
 *
 * <p>A client is in the queue at most once, because only its holder adds it.
 *
 * <p>The clients that are taken from the queue together are a round. If many clients are in round after round, the
 * rounds start some time apart. Then more events wait for each client: a write of one event costs as much as a write of
 * several.
 *
 * <p>A heavy client waits among others of that kind ({@link HeavyLane}). Between two rounds, one of them has a turn.
 *
 * <p>Where a container lets a write wait for the client's socket, or an expression is compared with a long name, the turn may
 * not end for seconds. Then another thread goes on with the lane ({@link #replaceBlocked}).
 *
 * <p>Threads: {@link #next} and {@link #took} by the thread of the lane, {@link #replaceBlocked} by the timer, the rest from
 * anywhere. One thread after the other has the lane: {@link WriterThread#replace} hands it over. In between the timer has it,
 * and calls {@link #took} for the thread that loses it.
 */
final class WriterLane {
    /**
     * The time between the starts of two rounds, if that saves writes. It is also the longest rest after a longer
     * round.
     */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** With at most this many clients in a round, writing costs little, and rounds are not delayed. */
    private static final int FEW_CLIENTS = 100;

    /** With more than this, events gather. With fewer, a stranger's connections delay others by the time that a round takes. */
    private static final int MANY_CLIENTS = 256;

    private final String name;
    private final EngineThreads threads;
    private final BlockedConnections blocked;
    private final LongSupplier nanoTime;
    private final TurnQueue queue = new TurnQueue();
    private final AtomicBoolean parked = new AtomicBoolean();

    /** Clients that have failed. The container may be about to end their requests itself. */
    private final Queue<LaneMember> unreported = new ConcurrentLinkedQueue<>();

    /** Written by the timer. */
    private volatile WriterThread thread;

    /** The timer's: the turn that was in progress when it looked last. */
    private long turnBefore;

    private volatile boolean closed;

    /** Written from anywhere; taken back by the lane's thread. */
    private volatile boolean dueWaits;

    /** From here on, the lane's thread's. */
    private final HeavyLane heavy;

    /** Those of the heavy ones for whom something is due. */
    private final Deque<LaneMember> due = new ArrayDeque<>();

    private int next = TurnQueue.NONE;

    /** The first round is 2, so the 0 of a new client is never the round before. */
    private int round = 1;

    private int clientsInRound;
    private int clientsAgain;
    private long roundStart;
    private long restUntil;

    /** Of the turn that was given last. */
    private boolean isForDue;

    private boolean isHeavy;
    private long heavyStart;

    /** True from the turn of a heavy client until others could have theirs. */
    private boolean isAfterHeavy;

    WriterLane(String name, EngineThreads threads, BlockedConnections blocked, LongSupplier nanoTime) {
        this.name = name;
        this.threads = threads;
        this.blocked = blocked;
        this.nanoTime = nanoTime;
        this.restUntil = nanoTime.getAsLong();
        this.heavy = new HeavyLane(restUntil);
        this.thread = newThread();
    }

    private WriterThread newThread() {
        return threads.adopt(new WriterThread(name, this, blocked, nanoTime));
    }

    void start() {
        thread.start();
    }

    WriterThread thread() {
        return thread;
    }

    /** Adds a client, which may get turns until it leaves. */
    void enter(LaneMember client) {
        queue.enter(client);
    }

    /** Removes a client that waits for no turn and never will again. */
    void leave(LaneMember client) {
        queue.leave(client);
    }

    /** All clients. Those that come or go meanwhile may be missing. */
    Stream<LaneMember> clients() {
        return queue.clients();
    }

    /** A client has failed. Its request ends when the container reports the failure, or else some time later. */
    void reportDue(LaneMember failed) {
        unreported.add(failed);
    }

    boolean isAnyUnreported() {
        return !unreported.isEmpty();
    }

    void completeAllSince(long time) {
        unreported.removeIf(failed -> failed.completeIfUnreportedSince(time));
    }

    void execute(LaneMember client) {
        queue.add(client);
        unparkIfParked();
    }

    private void unparkIfParked() {
        if (parked.get() && parked.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    /** Something is due for a client that may be among the heavy ones. It needs no turn of theirs. */
    void wakeForDue() {
        dueWaits = true;
        unparkIfParked();
    }

    /** Ends the lane's thread when the queue is empty. A turn that waits now is interrupted. */
    void close() {
        closed = true;
        WriterThread now = thread;
        if (now.turn() != WriterThread.NO_TURN && now.isWaiting()) {
            now.interrupt();
        }
        LockSupport.unpark(now);
    }

    /**
     * Gives the lane to a new thread if the turn that was in progress at the last call still is, and waits for something or
     * compares a long name. Called at intervals that others can wait.
     */
    void replaceBlocked() {
        WriterThread now = thread;
        long turn = now.turn();
        if (turn == WriterThread.NO_TURN || turn != turnBefore) {
            turnBefore = turn;
            return;
        }
        boolean waits = now.isWaiting();
        if ((waits || now.isExpensiveTurn()) && blocked.hasRoom()) {
            // Another thread counts its turns anew.
            turnBefore = WriterThread.NO_TURN;
            now.replace(turn, waits, () -> goOnWithAnother(waits));
        }
    }

    /** Lets another thread have the lane, in the middle of a turn. If it cannot start, the lane stays with the one before. */
    private void goOnWithAnother(boolean waits) {
        WriterThread before = thread;
        WriterThread another = newThread();
        thread = another;
        try {
            boolean isLong = isHeavy && before.isExpensiveTurn() && !waits;
            took(true);
            if (isLong) {
                heavy.awaitLongTurn(heavyStart, before::lastTurnEnd);
            }
            another.start();
        } catch (Throwable e) {
            thread = before;
            heavy.forgetLongTurn();
            throw e;
        }
    }

    /** The client that has the next turn. Waits for one; {@code null} if there is none and the lane is closed. */
    LaneMember next() {
        while (true) {
            LaneMember client = nextForDue();
            client = client == null ? nextOfRound() : client;
            client = client == null ? nextHeavy() : client;
            if (client != null) {
                return client;
            }
            isAfterHeavy = false;
            if (!beginsRound()) {
                if (closed && !isResting() && heavy.isEmpty()) {
                    return null;
                }
                awaitWork();
            }
        }
    }

    /** True if the turn that was given last is for what is due, and not for events. */
    boolean isForDue() {
        return isForDue;
    }

    /** The turn that was given last is over, in which expressions were evaluated or not. */
    void took(boolean evaluated) {
        if (isHeavy) {
            isHeavy = false;
            isAfterHeavy = true;
            heavy.took(heavyStart, nanoTime.getAsLong(), evaluated);
        }
    }

    /** Between two rounds, as looking for them among all heavy ones takes time. */
    private LaneMember nextForDue() {
        if (dueWaits && next == TurnQueue.NONE) {
            dueWaits = false;
            due.addAll(heavy.takeDue());
        }
        isForDue = !due.isEmpty();
        return due.poll();
    }

    private LaneMember nextOfRound() {
        while (next != TurnQueue.NONE) {
            LaneMember client = queue.client(next);
            next = client.nextQueued;
            isForDue = client.isHeavy() && client.isAnythingDue();
            if (!client.isHeavy() || isForDue) {
                clientsInRound++;
                clientsAgain += client.lastRound == round - 1 ? 1 : 0;
                client.lastRound = round;
                return client;
            }
            heavy.add(client);
        }
        if (clientsInRound > FEW_CLIENTS && clientsAgain > clientsInRound / 2) {
            restUntil = nextRoundAt(roundStart, nanoTime.getAsLong(), clientsInRound);
        }
        clientsInRound = 0;
        clientsAgain = 0;
        return null;
    }

    /**
     * When the next round starts, so that more events can gather. A long round is followed by a rest of half its length. With
     * fewer clients, the rest is as long as the round.
     */
    static long nextRoundAt(long start, long end, int clients) {
        long took = end - start;
        return clients > MANY_CLIENTS
                ? start + Math.max(GATHER_NANOS, took + Math.min(took / 2, GATHER_NANOS))
                : end + Math.min(took, GATHER_NANOS);
    }

    private LaneMember nextHeavy() {
        if (isAfterHeavy || heavy.isEmpty()) {
            return null;
        }
        heavyStart = nanoTime.getAsLong();
        LaneMember client = heavy.next(heavyStart);
        isHeavy = client != null;
        return client;
    }

    private boolean beginsRound() {
        if (isResting()) {
            return false;
        }
        roundStart = nanoTime.getAsLong();
        next = queue.takeAll();
        round += next == TurnQueue.NONE ? 0 : 1;
        return next != TurnQueue.NONE;
    }

    private boolean isResting() {
        return !closed && restUntil - nanoTime.getAsLong() > 0;
    }

    /** Waits for the end of the rest, or else for a client or for what is due; at most until a heavy client has a turn. */
    private void awaitWork() {
        long now = nanoTime.getAsLong();
        long untilHeavy = heavy.untilNext(now);
        if (isResting()) {
            LockSupport.parkNanos(this, Math.min(restUntil - now, untilHeavy));
            return;
        }
        parked.set(true);
        if (queue.isEmpty() && !dueWaits) {
            LockSupport.parkNanos(this, untilHeavy);
        }
        parked.set(false);
    }
}
