package com.opengrail.kafka.sse.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all connections of a swarm have seen together.
 *
 * <p>Threads: written by the selector threads, read by any.
 *
 * <p>Limits: every fault and every gap is counted, the text of the first {@value #MAX_TEXTS} is kept.
 * Whoever waits for a number finds the texts that belong to it: they are kept before they are counted.
 */
public final class SwarmStats {

    private static final int MAX_TEXTS = 50;

    final LongAdder opened = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder ended = new LongAdder();
    final LongAdder cut = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder events = new LongAdder();
    final LongAdder comments = new LongAdder();
    final LongAdder bytes = new LongAdder();
    private final LongAdder gaps = new LongAdder();
    private final LongAdder faults = new LongAdder();

    // Both guarded by themselves.
    private final List<String> texts = new ArrayList<>();
    private final List<String> gapTexts = new ArrayList<>();

    SwarmStats() {}

    void fault(int connection, String text) {
        add(texts, connection, text);
        faults.increment();
    }

    void gap(int connection, String text) {
        add(gapTexts, connection, text);
        gaps.increment();
    }

    private static void add(List<String> texts, int connection, String text) {
        synchronized (texts) {
            if (texts.size() < MAX_TEXTS) {
                texts.add("connection " + connection + ": " + text);
            }
        }
    }

    /** Connections answered with 200. */
    public long opened() {
        return opened.sum();
    }

    /** Connections answered with another status; each is a fault too. */
    public long refused() {
        return refused.sum();
    }

    /** Connections that the server ended, cleanly or not. */
    public long ended() {
        return ended.sum();
    }

    /** Connections that clients ended themselves, to come back. */
    public long cut() {
        return cut.sum();
    }

    /** Connections that could not be made or were reset; each is a fault too, but for clients that come back. */
    public long failed() {
        return failed.sum();
    }

    /** Events handed to the checks: neither positions nor gaps. */
    public long events() {
        return events.sum();
    }

    public long gaps() {
        return gaps.sum();
    }

    public long comments() {
        return comments.sum();
    }

    /** Bytes read, heads and chunk sizes included. */
    public long bytes() {
        return bytes.sum();
    }

    public long faults() {
        return faults.sum();
    }

    public List<String> faultTexts() {
        synchronized (texts) {
            return List.copyOf(texts);
        }
    }

    private List<String> gapTexts() {
        synchronized (gapTexts) {
            return List.copyOf(gapTexts);
        }
    }

    @Override
    public String toString() {
        return "opened " + opened() + ", refused " + refused() + ", ended " + ended() + ", cut " + cut()
                + ", failed " + failed() + ", events " + events() + ", gaps " + gaps() + " " + gapTexts()
                + ", comments " + comments()
                + ", bytes " + bytes()
                + ", faults " + faults() + " " + faultTexts();
    }
}
