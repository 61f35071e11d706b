package com.opengrail.kafka.sse.internal.writer;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The clients of one writer thread, by number, and the queue of those that wait for a turn.
 *
 * <p>The queue is a stack that is taken as a whole and reversed, so adding a client makes no garbage and takes no lock.
 * It is linked by numbers. References would cost processor time: G1 tracks each reference that is written into an old
 * object, which would happen for each client and event.
 *
 * <p>Threads: {@link #enter} and {@link #clients} from anywhere. Also from anywhere: {@link #add} for a client that is
 * not in the queue, and {@link #leave} for one that never will be again. The rest is the writer thread's.
 */
final class TurnQueue {
    static final int NONE = 0;

    private static final int FIRST = 1;
    private static final int FIRST_CAPACITY = 16;

    private final AtomicInteger newest = new AtomicInteger(NONE);

    /** Guarded by this. */
    private final BitSet taken = new BitSet();

    /** Written after each new client. A larger array may replace it, a smaller one never does. */
    private volatile LaneMember[] clients = new LaneMember[FIRST_CAPACITY];

    synchronized void enter(LaneMember client) {
        int number = taken.nextClearBit(FIRST);
        LaneMember[] enough =
                number < clients.length ? clients : Arrays.copyOf(clients, clients.length + clients.length / 2);
        enough[number] = client;
        client.number = number;
        taken.set(number);
        clients = enough;
    }

    /** Frees a client's number for another one. */
    synchronized void leave(LaneMember client) {
        clients[client.number] = null;
        taken.clear(client.number);
    }

    /** All clients. Those that enter or leave meanwhile may be missing. */
    Stream<LaneMember> clients() {
        return Arrays.stream(clients).filter(Objects::nonNull);
    }

    LaneMember client(int number) {
        return clients[number];
    }

    void add(LaneMember client) {
        int before;
        do {
            before = newest.get();
            client.nextQueued = before;
        } while (!newest.compareAndSet(before, client.number));
    }

    boolean isEmpty() {
        return newest.get() == NONE;
    }

    /**
     * Takes all that are in the queue.
     *
     * @return the number of the client that was added first, linked to the others in their order, or {@link #NONE}
     */
    int takeAll() {
        int oldest = NONE;
        int next = newest.getAndSet(NONE);
        while (next != NONE) {
            LaneMember client = clients[next];
            int following = client.nextQueued;
            client.nextQueued = oldest;
            oldest = next;
            next = following;
        }
        return oldest;
    }
}
