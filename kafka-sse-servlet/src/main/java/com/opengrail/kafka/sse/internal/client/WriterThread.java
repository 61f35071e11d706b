package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.cursor.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives clients their turns, in the order in which they were woken.
 *
 * <p>A client is in the queue at most once, because only its holder adds it.
 *
 * <p>The clients that are taken from the queue together are a round. If many clients are in round after round, the
 * rounds start some time apart. Then more events wait for each client: a write of one event costs as much as a write of
 * several.
 *
 * <p>A client whose last turn was expensive waits in a lane of its own. Between two rounds, one client of that lane has a
 * turn, and not all of the time.
 *
 * <p>Threads: {@link #execute}, {@link #enter}, {@link #leave} and {@link #clients} from anywhere; the turns are this
 * thread's.
 */
final class WriterThread extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);

    /**
     * The time between the starts of two rounds, if that saves writes. It is also the longest rest after a longer
     * round.
     */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** The most bytes of one write. A client that does not read keeps so many bytes in memory. */
    static final int WRITE_BYTES = 64 * 1024;

    /** With at most this many clients in a round, writing costs little, and rounds are not delayed. */
    private static final int FEW_CLIENTS = 100;

    private final TurnQueue queue = new TurnQueue();
    private final Slice slice = new Slice();
    private final Turn turn = new Turn(WRITE_BYTES, System::nanoTime);
    private final AtomicBoolean parked = new AtomicBoolean();

    /** This thread's. */
    private final ExpensiveLane expensive = new ExpensiveLane(System.nanoTime());

    private volatile boolean closed;

    /** Written from anywhere; taken back by this thread. */
    private volatile boolean dueWaits;

    /** This thread's. The first round is 2, so the 0 of a new client is never the round before. */
    private int round = 1;

    WriterThread(String name) {
        super(name);
    }

    /** Adds a client, which may get turns until it leaves. */
    void enter(ClientWriter client) {
        queue.enter(client);
    }

    /** Removes a client that waits for no turn and never will again. */
    void leave(ClientWriter client) {
        queue.leave(client);
    }

    /** All clients. Those that come or go meanwhile may be missing. */
    Stream<ClientWriter> clients() {
        return queue.clients();
    }

    void execute(ClientWriter client) {
        queue.add(client);
        unparkIfParked();
    }

    private void unparkIfParked() {
        if (parked.get() && parked.compareAndSet(true, false)) {
            LockSupport.unpark(this);
        }
    }

    /** Something is due for a client that may be among those with expensive filters. It needs no turn of theirs. */
    void wakeForDue() {
        dueWaits = true;
        unparkIfParked();
    }

    /** The buffer that turns on this thread share. */
    Slice slice() {
        return slice;
    }

    Turn turn() {
        return turn;
    }

    /** Stops the thread when the queue is empty. */
    void close() {
        closed = true;
        LockSupport.unpark(this);
    }

    @Override
    public void run() {
        while (true) {
            runDue();
            long start = System.nanoTime();
            int first = queue.takeAll();
            if (first != TurnQueue.NONE) {
                boolean rests = runRound(first);
                runExpensive();
                restUntil(rests ? nextRoundAt(start, System.nanoTime()) : start);
            } else if (!expensive.isEmpty()) {
                runExpensive();
                parkUntil(expensive.nextAt());
            } else if (closed) {
                return;
            } else {
                park();
            }
        }
    }

    private void runDue() {
        if (dueWaits) {
            dueWaits = false;
            expensive.takeDue().forEach(client -> run(client, ClientWriter::runDue));
        }
    }

    private void runExpensive() {
        long start = System.nanoTime();
        ClientWriter client = expensive.next(start);
        if (client != null) {
            run(client, ClientWriter::run);
            expensive.took(start, System.nanoTime(), turn.hasEvaluated());
        }
    }

    /** Gives each client of a round its turn. True if there are many and most were in the round before too. */
    private boolean runRound(int first) {
        round++;
        int clients = 0;
        int again = 0;
        int next = first;
        while (next != TurnQueue.NONE) {
            ClientWriter client = queue.client(next);
            next = client.nextQueued;
            clients++;
            again += client.lastRound == round - 1 ? 1 : 0;
            client.lastRound = round;
            if (!client.isExpensive()) {
                run(client, ClientWriter::run);
            } else if (client.isAnythingDue()) {
                run(client, ClientWriter::runDue);
            } else {
                expensive.add(client);
            }
        }
        return clients > FEW_CLIENTS && again > clients / 2;
    }

    /**
     * When the next round starts, so that more events can gather. A long round is followed by a rest of half its
     * length.
     */
    static long nextRoundAt(long start, long end) {
        long took = end - start;
        return start + Math.max(GATHER_NANOS, took + Math.min(took / 2, GATHER_NANOS));
    }

    /** Clients with expensive filters have turns meanwhile. */
    private void restUntil(long time) {
        long left = time - System.nanoTime();
        while (left > 0 && !closed) {
            long untilExpensive = expensive.isEmpty() ? left : expensive.nextAt() - System.nanoTime();
            LockSupport.parkNanos(this, Math.min(left, untilExpensive));
            runExpensive();
            left = time - System.nanoTime();
        }
    }

    /** Waits for a time, for a client or for what is due, whichever comes first. */
    private void parkUntil(long time) {
        long left = time - System.nanoTime();
        parked.set(true);
        if (left > 0 && queue.isEmpty() && !dueWaits) {
            LockSupport.parkNanos(this, left);
        }
        parked.set(false);
    }

    private void park() {
        parked.set(true);
        if (queue.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        parked.set(false);
    }

    private static void run(ClientWriter client, Consumer<ClientWriter> turn) {
        try {
            turn.accept(client);
        } catch (Throwable e) {
            LOG.error("A client's turn failed", e);
        } finally {
            // Nothing of this library interrupts the thread, but a predicate may have done so. Channels of containers
            // close when an interrupted thread writes, so the streams of the next clients would end.
            Thread.interrupted();
        }
    }
}
