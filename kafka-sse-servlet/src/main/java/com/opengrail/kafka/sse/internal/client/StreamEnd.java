package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.access.EndReason;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The time by which a stream has to end, and why.
 *
 * @param at the time, by the clock of {@link Clients}
 * @param reason what sets the end
 */
record StreamEnd(long at, EndReason reason) {
    /** More than a century; twice as much would overflow when it is added to a reading of the clock. */
    private static final long ENDLESS_NANOS = Long.MAX_VALUE / 2;

    /**
     * The end of a stream that begins now.
     *
     * @param ageMillis the longest that it lasts; 0: no limit
     * @param openedAt the same moment by the calendar
     * @param until when it ends, or {@code null}
     */
    static StreamEnd of(long now, long ageMillis, Instant openedAt, Instant until) {
        long age = ageMillis == 0 ? ENDLESS_NANOS : ageMillis * 1_000_000;
        // What is too long for nanoseconds becomes the longest number of them, which is more than endless.
        long left = until == null ? ENDLESS_NANOS : TimeUnit.NANOSECONDS.convert(Duration.between(openedAt, until));
        long allowed = Math.max(0, left);
        return allowed < age ? new StreamEnd(now + allowed, EndReason.UNTIL) : new StreamEnd(now + age, EndReason.AGE);
    }

    boolean isReached(long now) {
        return now - at >= 0;
    }
}
