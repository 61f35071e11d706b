package com.opengrail.kafka.sse.internal.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * The clients of a writer thread with expensive filters. They take turns among themselves and have a share of the thread's
 * time.
 *
 * <p>Threads: not safe; belongs to the writer thread.
 */
final class ExpensiveLane {
    /** A turn is followed by so many times its length without one. */
    static final int RESTS = 3;

    private final Deque<ClientWriter> clients = new ArrayDeque<>();
    private long nextAt;

    /** A lane whose first turn may be at a time. */
    ExpensiveLane(long now) {
        nextAt = now;
    }

    void add(ClientWriter client) {
        clients.add(client);
    }

    boolean isEmpty() {
        return clients.isEmpty();
    }

    /** The time of the next turn, which may have passed. */
    long nextAt() {
        return nextAt;
    }

    /** The client that has the next turn; {@code null} if there is none, or if it is too early. */
    ClientWriter next(long now) {
        return now - nextAt < 0 ? null : clients.poll();
    }

    /** Takes the clients for whom something is due that does not depend on their filters. */
    List<ClientWriter> takeDue() {
        List<ClientWriter> due =
                clients.stream().filter(ClientWriter::isAnythingDue).toList();
        clients.removeAll(Set.copyOf(due));
        return due;
    }

    /** A turn is over. */
    void took(long start, long end) {
        nextAt = end + RESTS * (end - start);
    }
}
