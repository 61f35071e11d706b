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
    public final LongAdder eventsSent = new LongAdder();
    public final LongAdder bytesSent = new LongAdder();

    /** The records read at the end of the log. */
    public final LongAdder tailRecords = new LongAdder();

    /** The records read for clients that are behind the window. */
    public final LongAdder replayRecords = new LongAdder();

    /** The gaps found: by a tail for all its clients, or for one client. */
    public final LongAdder gaps = new LongAdder();

    public final LongAdder feedFailures = new LongAdder();
    public final LongAdder replayFailures = new LongAdder();

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
