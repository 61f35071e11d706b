package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.ResponseDecoder;

/**
 * One client of the load: what it asks for, what it has to get next, and the bytes of a block that is not complete.
 *
 * <p>Threads: its {@link LoadThread} alone; the number of events and the answer may be read by any.
 */
final class LoadConnection {
    static final byte[] NOTHING = {};

    final int number;
    final boolean stuck;

    /** Path and query. */
    final String target;

    /** The thread's. */
    ResponseDecoder decoder = new ResponseDecoder();

    byte[] carried = NOTHING;
    private final long[] next = new long[Stamp.LANES];
    private long counted;

    /** What the client goes on after; of use to the thread, seen by others. */
    volatile byte[] lastId = NOTHING;

    private volatile long events;
    private volatile boolean open;

    LoadConnection(int number, boolean stuck, String target) {
        this.number = number;
        this.stuck = stuck;
        this.target = target;
    }

    /** Takes an event; says what is wrong with it, or {@code null}. */
    String take(int lane, long sequence) {
        counted++;
        if (lane >= Stamp.LANES) {
            return "lane " + lane;
        }
        long expected = next[lane];
        next[lane] = sequence + 1;
        return sequence == expected ? null : "expected " + expected + " but got " + sequence + " in lane " + lane;
    }

    /** Shows what has been taken to other threads. */
    void publish() {
        events = counted;
    }

    long events() {
        return events;
    }

    /** Answered with 200, and not yet ended. */
    boolean isOpen() {
        return open;
    }

    void opened() {
        open = true;
        decoder.forgetHeaders();
    }

    /** The connection is gone; a new one goes on after what this one has got. */
    void closed() {
        open = false;
        decoder = new ResponseDecoder();
        carried = NOTHING;
    }
}
