package com.opengrail.kafka.sse.internal.writer;

import com.opengrail.kafka.sse.internal.threads.PayerTurns;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The heavy clients of a writer thread: those with expensive filters, and those that are far behind and take as much as a turn
 * allows. Payers take turns, and the clients of a payer among themselves. So whoever needs little waits for one of them at most.
 *
 * <p>Those with expensive filters have a share of the thread's time, all together.
 *
 * <p>Threads: not safe; belongs to the writer thread.
 */
final class HeavyLane {
    /** A turn with an expensive filter is followed by so many times its length without one. */
    private static final int RESTS = 3;

    /** Many clients with expressions may be those of one stranger. Predicates are the application's own. */
    private static final int RESTS_OF_MANY = 9;

    private static final int FEW_CLIENTS = 8;

    /** How often to look for the end of a long turn that has lost the lane. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * How a turn has ended.
     *
     * @param at when
     * @param evaluated whether expressions were evaluated in it
     */
    record TurnEnd(long at, boolean evaluated) {}

    private final PayerTurns<LaneMember> expensive = new PayerTurns<>();
    private final PayerTurns<LaneMember> behind = new PayerTurns<>();

    /** The number of expensive ones. */
    private int size;

    /** When the next of the expensive ones may have its turn. */
    private long nextAt;

    /** Tells how a long turn that has lost the lane has ended, or {@code null} before; {@code null} if there is no such turn. */
    private Supplier<TurnEnd> longTurnEnd;

    private long longTurnStart;

    /** The turn that was given last is that of an expensive one. */
    private boolean isExpensive;

    /** A lane whose first turn may be at a time. */
    HeavyLane(long now) {
        nextAt = now;
    }

    void add(LaneMember client) {
        boolean isOfExpensive = client.isExpensive();
        (isOfExpensive ? expensive : behind).add(client.payer(), client);
        size += isOfExpensive ? 1 : 0;
    }

    boolean isEmpty() {
        return expensive.isEmpty() && behind.isEmpty();
    }

    /** How long there is no turn; not above 0 if there may be one now. */
    long untilNext(long now) {
        if (!behind.isEmpty()) {
            return 0;
        }
        if (expensive.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return longTurnEnd == null ? nextAt - now : LOOK_NANOS;
    }

    /** The client that has the next turn; {@code null} if there is none, or if it is too early. */
    LaneMember next(long now) {
        TurnEnd ended = longTurnEnd == null ? null : longTurnEnd.get();
        if (ended != null) {
            longTurnEnd = null;
            rest(longTurnStart, ended.at(), ended.evaluated());
        }
        LaneMember next = longTurnEnd != null || now - nextAt < 0 ? null : expensive.poll();
        isExpensive = next != null;
        size -= isExpensive ? 1 : 0;
        return isExpensive ? next : behind.poll();
    }

    /** Takes the clients for whom something is due that does not depend on their filters. */
    List<LaneMember> takeDue() {
        List<LaneMember> due = takeDue(expensive);
        size -= due.size();
        return Stream.concat(due.stream(), takeDue(behind).stream()).toList();
    }

    private static List<LaneMember> takeDue(PayerTurns<LaneMember> clients) {
        List<LaneMember> due = new ArrayList<>();
        clients.removeIf(client -> client.isAnythingDue() && due.add(client));
        return due;
    }

    /** A turn is over, in which expressions were evaluated or not. Its client is not among the others now. */
    void took(long start, long end, boolean evaluated) {
        if (isExpensive) {
            rest(start, end, evaluated);
        }
    }

    private void rest(long start, long end, boolean evaluated) {
        int rests = evaluated && size >= FEW_CLIENTS ? RESTS_OF_MANY : RESTS;
        nextAt = end + rests * (end - start);
    }

    /**
     * A long turn of an expensive client has lost the lane, and its thread goes on with it. Until it is over, no other of them has
     * a turn.
     *
     * @param end gives how it has ended, and {@code null} before
     */
    void awaitLongTurn(long start, Supplier<TurnEnd> end) {
        longTurnStart = start;
        longTurnEnd = end;
    }

    /** The long turn keeps the lane after all. */
    void forgetLongTurn() {
        longTurnEnd = null;
    }
}
