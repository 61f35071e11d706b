package com.opengrail.kafka.sse.internal.writer;

import com.opengrail.kafka.sse.internal.threads.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;

/**
 * Who holds a client: at most one thread at a time, or nobody while the client waits for a turn.
 *
 * <p>It is the base of {@link ClientWriter} and not an object of its own, of which there would be one for each of thousands
 * of clients. For the same reason it uses field updaters.
 *
 * <p>Threads: safe.
 */
abstract class Hold extends LaneMember {
    /** Less than any thread's id. */
    private static final int NOBODY = 0;

    private static final AtomicIntegerFieldUpdater<Hold> STATES =
            AtomicIntegerFieldUpdater.newUpdater(Hold.class, "state");

    private static final long CHECK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private volatile int state = WriteState.WAITING;

    /**
     * The lowest bits of the id of the thread that has held the client last, or nobody while the client waits for a turn. A
     * reference would have the cost that {@link TurnQueue} describes.
     */
    private volatile int holder;

    Hold(String connection) {
        super(connection);
    }

    final int state() {
        return state;
    }

    /** Makes a move if it is allowed from the current state. True if it was. */
    final boolean move(IntUnaryOperator move) {
        int before = change(move);
        return move.applyAsInt(before) != WriteState.FORBIDDEN;
    }

    /** Makes a move if it is allowed from the current state. Returns the state before. */
    final int change(IntUnaryOperator move) {
        while (true) {
            int now = state;
            int next = move.applyAsInt(now);
            if (next == WriteState.FORBIDDEN || STATES.compareAndSet(this, now, next)) {
                return now;
            }
        }
    }

    /** Ends the stream's states. Returns the state before. */
    final int close() {
        return STATES.getAndSet(this, WriteState.CLOSED);
    }

    /** This thread holds the client from now on. It looks for marks after this, so nobody who leaves one misses it. */
    final void heldHere() {
        holder = currentThreadId();
    }

    /** The client is about to wait for a turn. */
    final void heldByNobody() {
        holder = NOBODY;
    }

    /**
     * Gives the holder of the client time to return from the container. Tomcat reports a failed flush, ends the request and
     * gives its response to the next one while the failed call is still at work on it. Nobody touches the response while
     * the client waits for a turn, which may be long; the turn will see the mark.
     *
     * @param most the most time
     */
    final void awaitRelease(Duration most) {
        awaitWhile(this::isHeldElsewhere, most);
    }

    /**
     * Gives a client time to have its turn if it waits for one, and the holder time to return from the container.
     *
     * @param most the most time
     */
    final void awaitTurnAndRelease(Duration most) {
        awaitWhile(() -> holder != currentThreadId(), most);
    }

    private void awaitWhile(BooleanSupplier isDue, Duration most) {
        Deadline.in(most).pauseWhile(() -> WriteState.isHeld(state) && isDue.getAsBoolean(), CHECK_NANOS);
    }

    private boolean isHeldElsewhere() {
        int by = holder;
        return by != NOBODY && by != currentThreadId();
    }

    private static int currentThreadId() {
        return (int) Thread.currentThread().getId();
    }
}
