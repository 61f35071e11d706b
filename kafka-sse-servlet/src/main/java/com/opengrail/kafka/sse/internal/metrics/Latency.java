package com.opengrail.kafka.sse.internal.metrics;

import com.opengrail.kafka.sse.StreamLatency;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How old the records of events were when the events were written, as a histogram with buckets of growing width.
 *
 * <p>Up to 32 ms each bucket is one millisecond wide. Above, each doubling has 16 buckets of one width. So a value that
 * is read from the histogram is at most a sixteenth above the true one, and never below it.
 *
 * <p>The buckets count from the start. For recent values, the counts of one to two minutes ago are subtracted. Whoever
 * adds or reads first in a new minute keeps the counts of that moment.
 *
 * <p>Threads: safe and without a lock. Adding allocates nothing, but for the first time in a minute.
 */
final class Latency implements StreamLatency {
    /** The recent past is between one and two of these periods. */
    static final long PERIOD_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private static final double P50 = 0.5;
    private static final double P99 = 0.99;
    private static final long HIGHEST_BOUND_MILLIS = 1L << 16;

    private static final int STEPS_BITS = 4;
    private static final int STEPS = 1 << STEPS_BITS;

    /** Some 24 days, the end of the last bucket: older records count as this old. */
    private static final long MAX_MILLIS = (1L << 31) - 1;

    private static final int BUCKETS = bucket(MAX_MILLIS) + 1;

    private final InstantSource clock;
    private final LongAdder[] counts = new LongAdder[BUCKETS];
    private final LongAdder totalMillis = new LongAdder();

    /** When the newest counts were kept. Who replaces it by a later time keeps the counts of now. */
    private final AtomicLong keptAt;

    private volatile Kept kept = new Kept(new long[BUCKETS], new long[BUCKETS]);

    /**
     * Counts of the past; not to be changed.
     *
     * @param older what recent counts are the difference to
     * @param newer what will be the older ones a period later
     */
    private record Kept(long[] older, long[] newer) {}

    Latency(InstantSource clock) {
        this.clock = clock;
        this.keptAt = new AtomicLong(clock.millis());
        Arrays.setAll(counts, any -> new LongAdder());
    }

    /** Events have been written. The first of them is of a record with this timestamp, which may be in the future. */
    void written(long timestamp, int events) {
        long now = clock.millis();
        keepIfDue(now);
        long millis = Math.min(MAX_MILLIS, Math.max(0, now - timestamp));
        counts[bucket(millis)].add(events);
        totalMillis.add(millis * events);
    }

    private static int bucket(long millis) {
        int octave = Math.max(0, Long.SIZE - 1 - STEPS_BITS - Long.numberOfLeadingZeros(millis | STEPS));
        return (octave << STEPS_BITS) + (int) (millis >>> octave);
    }

    /** The highest value of a bucket. */
    private static long highest(int bucket) {
        int octave = Math.max(0, (bucket >>> STEPS_BITS) - 1);
        long first = (long) (bucket - (octave << STEPS_BITS)) << octave;
        return first + (1L << octave) - 1;
    }

    private void keepIfDue(long now) {
        long before = keptAt.get();
        long elapsed = now - before;
        // The clock may have been set back.
        boolean isDue = elapsed >= PERIOD_MILLIS || elapsed < 0;
        if (isDue && keptAt.compareAndSet(before, now)) {
            long[] counted = counted();
            // After two periods all that was added is older than one.
            kept = new Kept(elapsed < 2 * PERIOD_MILLIS ? kept.newer() : counted, counted);
        }
    }

    private long[] counted() {
        return Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
    }

    private long[] recent() {
        keepIfDue(clock.millis());
        long[] older = kept.older();
        long[] recent = counted();
        Arrays.setAll(recent, bucket -> recent[bucket] - older[bucket]);
        return recent;
    }

    /**
     * The latency that a part of the recent events did not exceed.
     *
     * @param part above 0, at most 1
     * @return milliseconds; -1 if there were no such events
     */
    private long recentMillis(double part) {
        long[] recent = recent();
        long wanted = (long) Math.ceil(part * Arrays.stream(recent).sum());
        long passed = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            passed += recent[bucket];
            if (recent[bucket] > 0 && passed >= wanted) {
                return highest(bucket);
            }
        }
        return -1;
    }

    @Override
    public long getP50Millis() {
        return recentMillis(P50);
    }

    @Override
    public long getP99Millis() {
        return recentMillis(P99);
    }

    @Override
    public long getMaxMillis() {
        return recentMillis(1);
    }

    @Override
    public long getEvents() {
        return eventsBelow(BUCKETS);
    }

    @Override
    public long getTotalMillis() {
        return totalMillis.sum();
    }

    @Override
    public Map<Long, Long> getEventsBelowMillis() {
        Map<Long, Long> events = new TreeMap<>();
        for (long bound = 1; bound <= HIGHEST_BOUND_MILLIS; bound *= 2) {
            events.put(bound, eventsBelow(bucket(bound)));
        }
        return events;
    }

    private long eventsBelow(int bucket) {
        return Arrays.stream(counts, 0, bucket).mapToLong(LongAdder::sum).sum();
    }
}
