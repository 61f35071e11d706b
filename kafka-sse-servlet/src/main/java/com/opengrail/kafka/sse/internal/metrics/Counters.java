package com.opengrail.kafka.sse.internal.metrics;

import com.opengrail.kafka.sse.StreamLatency;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What an engine has done since its start.
 *
 * <p>Threads: safe and without a lock; each is added to once per write, poll or turn, never per client and event.
 */
public final class Counters {
    private final LongAdder eventsSent = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder tailRecords = new LongAdder();
    private final LongAdder replayRecords = new LongAdder();
    private final LongAdder gaps = new LongAdder();
    private final LongAdder feedFailures = new LongAdder();
    private final LongAdder replayFailures = new LongAdder();
    /** Never changed once it is made, but for the numbers. */
    private final Map<RefusalReason, LongAdder> refused = new EnumMap<>(RefusalReason.class);

    private final Latency latency;

    public Counters() {
        this(InstantSource.system());
    }

    /** Counters that take the time from a clock, against which the timestamps of records are held. */
    public Counters(InstantSource clock) {
        latency = new Latency(clock);
        for (RefusalReason reason : RefusalReason.values()) {
            refused.put(reason, new LongAdder());
        }
    }

    /**
     * Bytes have been given to a client's container, with that many events.
     *
     * @param timestamp of the record of the first event; negative if the client did not wait for it, or it has none
     */
    public void sent(int events, int bytes, long timestamp) {
        if (timestamp >= 0) {
            latency.written(timestamp, events);
        }
        bytesSent.add(bytes);
        // Last: who reads this number finds the others.
        eventsSent.add(events);
    }

    public StreamLatency latency() {
        return latency;
    }

    public long eventsSent() {
        return eventsSent.sum();
    }

    public long bytesSent() {
        return bytesSent.sum();
    }

    /** Records have been read at the end of the log. */
    public void tailRead(long records) {
        tailRecords.add(records);
    }

    public long tailRecords() {
        return tailRecords.sum();
    }

    /** Records have been read for a client that is behind the window. */
    public void replayRead(long records) {
        replayRecords.add(records);
    }

    public long replayRecords() {
        return replayRecords.sum();
    }

    /** Gaps have been found: by a tail for all its clients, or for one client. */
    public void gapsFound(long count) {
        gaps.add(count);
    }

    public long gaps() {
        return gaps.sum();
    }

    public void feedFailed() {
        feedFailures.increment();
    }

    public long feedFailures() {
        return feedFailures.sum();
    }

    public void replayFailed() {
        replayFailures.increment();
    }

    public long replayFailures() {
        return replayFailures.sum();
    }

    public void refused(RefusalReason reason) {
        refused.get(reason).increment();
    }

    /** The requests that got no stream, by the label of the reason; all reasons are there. */
    public Map<String, Long> refused() {
        Map<String, Long> byLabel = new TreeMap<>();
        for (RefusalReason reason : RefusalReason.values()) {
            byLabel.put(reason.label(), refused.get(reason).sum());
        }
        return byLabel;
    }
}
