package com.opengrail.kafka.sse.testing;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * How one client of a swarm comes back as a page does: after each end of its connection, those included that it makes itself
 * after a random number of bytes, in the middle of an event as often as not.
 *
 * <p>Threads: asked by the selector thread of the connection; {@link #calmDown} by any.
 */
final class SwarmReturn {
    /** At once would be a storm that no browser makes. */
    private static final Duration SOONEST = Duration.ofMillis(100);

    private static final Duration LATEST = Duration.ofMillis(1000);

    private final SwarmSelector selector;
    private final ScheduledExecutorService timer;
    private final int mostBytes;
    private final Random random;
    private volatile boolean calm;

    SwarmReturn(SwarmSelector selector, ScheduledExecutorService timer, int mostBytes, Random random) {
        this.selector = selector;
        this.timer = timer;
        this.mostBytes = mostBytes;
        this.random = random;
    }

    /** How many bytes the connection that is being made takes before it cuts itself off. */
    long bytesOfNext() {
        return calm ? Long.MAX_VALUE : 1 + random.nextInt(mostBytes);
    }

    void comeBack(SwarmConnection connection) {
        long delay = SOONEST.toMillis() + random.nextInt((int) (LATEST.toMillis() - SOONEST.toMillis()));
        timer.schedule(() -> selector.open(connection), delay, TimeUnit.MILLISECONDS);
    }

    /** Lets the connections that are made from now on live. */
    void calmDown() {
        calm = true;
    }
}
