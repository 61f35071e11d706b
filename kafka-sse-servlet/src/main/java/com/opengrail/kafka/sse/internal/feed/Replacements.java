package com.opengrail.kafka.sse.internal.feed;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How many feeds a payer may replace by others: some at once, and then a few per second. A new feed costs a consumer,
 * so somebody who names one combination of topics after the other would slow down everybody.
 *
 * <p>Threads: not safe; guarded by the lock of {@link Feeds}.
 */
final class Replacements {
    private static final int AT_ONCE = 50;
    private static final long NANOS_OF_EACH = TimeUnit.MILLISECONDS.toNanos(500);

    /** Of each payer that has replaced feeds lately: when that will count no more. */
    private final Map<String, Long> spentUntil = new HashMap<>();

    /** Counts a replacement, unless the payer has made too many. */
    boolean take(String payer, long now) {
        spentUntil.values().removeIf(until -> until - now <= 0);
        long until = spentUntil.getOrDefault(payer, now) + NANOS_OF_EACH;
        if (until - now > AT_ONCE * NANOS_OF_EACH) {
            return false;
        }
        spentUntil.put(payer, until);
        return true;
    }
}
