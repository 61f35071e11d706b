package com.opengrail.kafka.sse.internal.writer;

import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the clients of a lane their turns.
 *
 * <p>If a turn waits, or compares a long name, another thread may replace this one. After that turn, this one no longer has
 * the lane. It serves the clients of the connection that blocked it, until no turn has waited for that for a while, and ends.
 *
 * <p>Threads: {@link #replace} by the timer, the rest by this thread where nothing else is said.
 */
final class WriterThread extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);

    /** The most bytes of one write. A client that does not read keeps so many bytes in memory. */
    static final int WRITE_BYTES = 64 * 1024;

    /** What {@link #turn} is between turns. */
    static final long NO_TURN = 0;

    private static final long REPLACED = -1;

    /**
     * After a turn for a connection that blocked, the thread rests so many times as long. There may be many such threads. All of
     * them together must not take the processors from the lanes.
     */
    private static final int RESTS = 31;

    private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** A turn that takes so long has waited for the connection. */
    private static final long WAITED_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** A connection counts as blocked for so long after the last turn that waited. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final WriterLane lane;
    private final BlockedConnections blocked;
    private final LongSupplier nanoTime;
    private final Slice slice = new Slice();
    private final Turn turn;

    /** The number of the turn, no turn, or that this thread was replaced. */
    private final AtomicLong inTurn = new AtomicLong();

    private long turns;

    /** The connection of the client that has its turn. Written before {@link #inTurn}. */
    private String connectionInTurn;

    /** The client that has its turn is expensive. Written before {@link #inTurn}. */
    private boolean expensiveInTurn;

    /** How the turn has ended in which another thread got the lane; {@code null} before. */
    private volatile HeavyLane.TurnEnd lastTurnEnd;

    /** Written by the timer: the connection to serve after the turn, or {@code null}. Guarded by this. */
    private String connection;

    /** When the last turn for the blocked connection began, or when it was seen to wait. Read from anywhere. */
    private volatile long blockedSince;

    /** Written by the timer. */
    private volatile boolean toldToEnd;

    WriterThread(String name, WriterLane lane, BlockedConnections blocked, LongSupplier nanoTime) {
        super(null, null, name, EngineThreads.USUAL_STACK, false);
        this.lane = lane;
        this.blocked = blocked;
        this.nanoTime = nanoTime;
        this.turn = new Turn(WRITE_BYTES, nanoTime);
    }

    @Override
    public void run() {
        LaneMember client = lane.next();
        while (client != null && hasLaneAfter(client)) {
            client = lane.next();
        }
    }

    /** Gives a client its turn. False if this thread no longer has the lane. */
    private boolean hasLaneAfter(LaneMember client) {
        if (blocked.takes(client)) {
            return true;
        }
        turns++;
        long mark = turns;
        connectionInTurn = client.connection;
        expensiveInTurn = client.isExpensive();
        inTurn.set(mark);
        run(client, lane.isForDue());
        if (!inTurn.compareAndSet(mark, NO_TURN) && isReplaced()) {
            lastTurnEnd = new HeavyLane.TurnEnd(nanoTime.getAsLong(), turn.hasEvaluated());
            serveConnection();
            return false;
        }
        lane.took(turn.hasEvaluated());
        return true;
    }

    /** The turn in progress, or {@link #NO_TURN}; called from anywhere. */
    long turn() {
        return inTurn.get();
    }

    /** True if the thread waits for anything; called from anywhere. */
    boolean isWaiting() {
        return switch (getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> true;
            default -> false;
        };
    }

    /**
     * True if the turn in progress is that of an expensive client. If it is long, an expression is compared with a long name.
     * Called by the timer, after {@link #turn}.
     */
    boolean isExpensiveTurn() {
        return expensiveInTurn;
    }

    /** How the turn has ended with which it lost the lane; {@code null} as long as it has either. Called from anywhere. */
    HeavyLane.TurnEnd lastTurnEnd() {
        return lastTurnEnd;
    }

    /**
     * Takes the lane from this thread, unless the turn has ended meanwhile.
     *
     * @param mark the turn
     * @param waits true if it waits for its client, and does not compute
     * @param goingOn lets another thread go on with the lane; if it fails, this thread keeps it
     */
    synchronized void replace(long mark, boolean waits, Runnable goingOn) {
        if (inTurn.compareAndSet(mark, REPLACED)) {
            blockedSince = nanoTime.getAsLong();
            String waitedFor = waits ? connectionInTurn : null;
            connection = blocked.add(this, waitedFor) ? waitedFor : null;
            try {
                goingOn.run();
                setName(getName() + "-blocked");
            } catch (Throwable e) {
                endService();
                inTurn.set(mark);
                blocked.cannotReplace(this, e);
            }
        }
    }

    /** Waits until a replacement in progress has come about or failed. */
    private synchronized boolean isReplaced() {
        boolean replaced = inTurn.get() == REPLACED;
        if (!replaced) {
            inTurn.set(NO_TURN);
        }
        return replaced;
    }

    /** When the turn began that waits; called from anywhere. */
    long blockedSince() {
        return blockedSince;
    }

    /** True if it has been told to end; called from anywhere. */
    boolean isToldToEnd() {
        return toldToEnd;
    }

    /** Others need the thread more. Ends the turn that waits, and this thread after it. Called by the timer. */
    void tellToEnd() {
        toldToEnd = true;
        interrupt();
    }

    /** Serves the clients of the connection, until no turn has waited for it for some time. */
    private void serveConnection() {
        try {
            long waitedAt = nanoTime.getAsLong();
            LaneMember client = nextToServe(waitedAt);
            while (client != null) {
                long start = nanoTime.getAsLong();
                blockedSince = start;
                run(client, false);
                long took = nanoTime.getAsLong() - start;
                waitedAt = took >= WAITED_NANOS ? start + took : waitedAt;
                LockSupport.parkNanos(Math.min(RESTS * took, LONGEST_REST_NANOS));
                client = nextToServe(waitedAt);
            }
        } catch (InterruptedException e) {
            LOG.debug("Others need the thread", e);
        } finally {
            endService();
        }
    }

    private LaneMember nextToServe(long waitedAt) throws InterruptedException {
        long left = waitedAt + LINGER_NANOS - nanoTime.getAsLong();
        return connection == null || toldToEnd || left <= 0 ? null : blocked.next(connection, left);
    }

    private void endService() {
        if (connection != null) {
            blocked.release(connection);
        }
        blocked.remove(this);
    }

    private void run(LaneMember client, boolean isForDue) {
        try {
            if (isForDue) {
                client.runDue(slice, turn);
            } else {
                client.run(slice, turn);
            }
        } catch (Throwable e) {
            LOG.error("A client's turn failed", e);
        } finally {
            // A predicate may have interrupted the thread. Channels of containers close when an interrupted thread
            // writes, so the streams of the next clients would end.
            Thread.interrupted();
        }
    }
}
