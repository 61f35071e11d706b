package com.opengrail.kafka.sse;

import com.opengrail.kafka.sse.internal.metrics.Latency;
import java.util.Map;
import java.util.TreeMap;

/** The latency of an engine's streams as operators see it: current values. Threads: safe. */
record KafkaSseLatencyView(Latency latency) implements StreamLatency {
    private static final double P50 = 0.5;
    private static final double P99 = 0.99;
    private static final long HIGHEST_BOUND_MILLIS = 1L << 16;

    @Override
    public long getP50Millis() {
        return latency.recentMillis(P50);
    }

    @Override
    public long getP99Millis() {
        return latency.recentMillis(P99);
    }

    @Override
    public long getMaxMillis() {
        return latency.recentMillis(1);
    }

    @Override
    public long getEvents() {
        return latency.events();
    }

    @Override
    public long getTotalMillis() {
        return latency.totalMillis();
    }

    @Override
    public Map<Long, Long> getEventsBelowMillis() {
        Map<Long, Long> events = new TreeMap<>();
        for (long bound = 1; bound <= HIGHEST_BOUND_MILLIS; bound *= 2) {
            events.put(bound, latency.eventsBelow(bound));
        }
        return events;
    }
}
