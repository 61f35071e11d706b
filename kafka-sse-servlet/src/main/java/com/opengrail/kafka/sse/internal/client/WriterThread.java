package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.feed.Slice;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives clients their turns, in the order in which they were woken.
 *
 * <p>The queue is a stack of the clients themselves, taken as a whole and turned round, so that waking one makes no
 * garbage and takes no lock. A client is in it once at most: it is put there by who holds it.
 *
 * <p>What is taken at once is a round. Where many clients are woken for round after round, the rounds begin some time apart,
 * so that more has come for each of them in the meantime: a small write costs as much as one of several events.
 *
 * <p>Threads: {@link #execute} from anywhere; the turns are this thread's.
 */
final class WriterThread extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);

    /** How far apart rounds begin, where that saves writes. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** So many clients in a round cost little. */
    private static final int FEW_CLIENTS = 100;

    private final AtomicReference<ClientWriter> queued = new AtomicReference<>();
    private final Slice slice = new Slice();
    private final AtomicBoolean parked = new AtomicBoolean();
    private volatile boolean closed;

    /** This thread's; that of a client that has not had a turn yet is 0, which is not the one before the first. */
    private int round = 1;

    WriterThread(String name) {
        super(name);
        setDaemon(true);
    }

    void execute(ClientWriter client) {
        ClientWriter head;
        do {
            head = queued.get();
            client.nextQueued = head;
        } while (!queued.compareAndSet(head, client));
        if (parked.get() && parked.compareAndSet(true, false)) {
            LockSupport.unpark(this);
        }
    }

    /** What a turn on this thread may use. */
    Slice slice() {
        return slice;
    }

    /** Stops the thread when the queue is empty. */
    void close() {
        closed = true;
        LockSupport.unpark(this);
    }

    @Override
    public void run() {
        while (true) {
            long start = System.nanoTime();
            ClientWriter first = inOrder(queued.getAndSet(null));
            if (first != null) {
                if (runRound(first)) {
                    gatherUntil(start + GATHER_NANOS);
                }
            } else if (closed) {
                return;
            } else {
                park();
            }
        }
    }

    /**
     * Gives each its turn.
     *
     * @return whether they are many, of which most were in the round before too
     */
    private boolean runRound(ClientWriter first) {
        round++;
        int clients = 0;
        int again = 0;
        ClientWriter next = first;
        while (next != null) {
            ClientWriter client = next;
            next = client.nextQueued;
            client.nextQueued = null;
            clients++;
            again += client.lastRound == round - 1 ? 1 : 0;
            client.lastRound = round;
            run(client);
        }
        return clients > FEW_CLIENTS && again > clients / 2;
    }

    private void gatherUntil(long time) {
        long left = time - System.nanoTime();
        while (left > 0 && !closed) {
            LockSupport.parkNanos(this, left);
            left = time - System.nanoTime();
        }
    }

    private void park() {
        parked.set(true);
        if (queued.get() == null && !closed) {
            LockSupport.park(this);
        }
        parked.set(false);
    }

    private static void run(ClientWriter client) {
        try {
            client.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A client's turn failed", e);
        }
    }

    private static ClientWriter inOrder(ClientWriter newest) {
        ClientWriter oldest = null;
        ClientWriter next = newest;
        while (next != null) {
            ClientWriter following = next.nextQueued;
            next.nextQueued = oldest;
            oldest = next;
            next = following;
        }
        return oldest;
    }
}
