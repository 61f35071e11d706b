package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.threads.PayerTurns;
import java.util.ArrayList;
import java.util.List;

/**
 * The clients of a writer thread with expensive filters. Their addresses take turns, and the clients of an address among
 * themselves. All together they have a share of the thread's time.
 *
 * <p>Threads: not safe; belongs to the writer thread.
 */
final class ExpensiveLane {
    /** A turn is followed by so many times its length without one. */
    private static final int RESTS = 3;

    /** Many clients with expressions may be those of one stranger. Predicates are the application's own. */
    private static final int RESTS_OF_MANY = 9;

    private static final int FEW_CLIENTS = 8;

    private final PayerTurns<LaneMember> clients = new PayerTurns<>();
    private int size;
    private long nextAt;

    /** A lane whose first turn may be at a time. */
    ExpensiveLane(long now) {
        nextAt = now;
    }

    void add(LaneMember client) {
        clients.add(client.payer(), client);
        size++;
    }

    boolean isEmpty() {
        return clients.isEmpty();
    }

    /** The time of the next turn, which may have passed. */
    long nextAt() {
        return nextAt;
    }

    /** The client that has the next turn; {@code null} if there is none, or if it is too early. */
    LaneMember next(long now) {
        LaneMember next = now - nextAt < 0 ? null : clients.poll();
        size -= next == null ? 0 : 1;
        return next;
    }

    /** Takes the clients for whom something is due that does not depend on their filters. */
    List<LaneMember> takeDue() {
        List<LaneMember> due = new ArrayList<>();
        clients.removeIf(client -> client.isAnythingDue() && due.add(client));
        size -= due.size();
        return due;
    }

    /** A turn is over, in which expressions were evaluated or not. Its client is not among the others now. */
    void took(long start, long end, boolean evaluated) {
        int rests = evaluated && size >= FEW_CLIENTS ? RESTS_OF_MANY : RESTS;
        nextAt = end + rests * (end - start);
    }
}
