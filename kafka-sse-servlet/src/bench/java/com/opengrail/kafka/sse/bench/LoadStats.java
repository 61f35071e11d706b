package com.opengrail.kafka.sse.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all clients of the load have seen together, and what is asked of them.
 *
 * <p>Threads: safe. Limits: every fault is counted, the text of the first few is kept.
 */
final class LoadStats {
    private static final int MAX_TEXTS = 10;

    final LongAdder events = new LongAdder();

    /** What came, HTTP's own bytes included. */
    final LongAdder wireBytes = new LongAdder();

    private final LongAdder faults = new LongAdder();
    private final List<String> texts = new ArrayList<>();
    private final boolean keepsIds;
    private volatile long measuredFrom = System.nanoTime() + Long.MAX_VALUE / 4;
    private volatile boolean endExpected;

    LoadStats(boolean keepsIds) {
        this.keepsIds = keepsIds;
    }

    /** Whether clients are to remember their last ids. */
    boolean keepsIds() {
        return keepsIds;
    }

    /** Latencies count of events that are produced from now on. */
    void measureFromNow() {
        measuredFrom = System.nanoTime();
    }

    long measuredFrom() {
        return measuredFrom;
    }

    /** The server is about to go: an end of a connection is no fault. */
    void expectEnds(boolean expected) {
        endExpected = expected;
    }

    void ended(int connection, String how) {
        if (!endExpected) {
            fault(connection, how);
        }
    }

    void fault(int connection, String text) {
        faults.increment();
        synchronized (texts) {
            if (texts.size() < MAX_TEXTS) {
                texts.add("client " + connection + ": " + text);
            }
        }
    }

    long faults() {
        return faults.sum();
    }

    @Override
    public String toString() {
        synchronized (texts) {
            return events.sum() + " events, " + faults() + " faults " + texts;
        }
    }
}
