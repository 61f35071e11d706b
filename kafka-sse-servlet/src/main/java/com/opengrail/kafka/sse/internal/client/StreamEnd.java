package com.opengrail.kafka.sse.internal.client;

import java.time.Duration;
import java.time.Instant;

/**
 * The time by which a stream has to end, and why.
 *
 * @param at the time, by the clock of {@link Clients}
 * @param reason what sets the end
 */
record StreamEnd(long at, EndReason reason) {
    /** More than a century; twice as much would overflow when it is added to a reading of the clock. */
    private static final long ENDLESS_NANOS = Long.MAX_VALUE / 2;

    private static final Duration LONGEST = Duration.ofNanos(ENDLESS_NANOS);

    /**
     * The end of a stream that begins now.
     *
     * @param ageMillis the longest that it lasts; 0: no limit
     * @param openedAt the same moment by the calendar
     * @param until when it ends, or {@code null}
     */
    static StreamEnd of(long now, long ageMillis, Instant openedAt, Instant until) {
        long age = ageMillis == 0 ? ENDLESS_NANOS : ageMillis * 1_000_000;
        long allowed = until == null ? ENDLESS_NANOS : nanosBetween(openedAt, until);
        return allowed < age ? new StreamEnd(now + allowed, EndReason.UNTIL) : new StreamEnd(now + age, EndReason.AGE);
    }

    private static long nanosBetween(Instant openedAt, Instant until) {
        Duration left = Duration.between(openedAt, until);
        if (left.isNegative()) {
            return 0;
        }
        return left.compareTo(LONGEST) < 0 ? left.toNanos() : ENDLESS_NANOS;
    }

    boolean isReached(long now) {
        return now - at >= 0;
    }
}
