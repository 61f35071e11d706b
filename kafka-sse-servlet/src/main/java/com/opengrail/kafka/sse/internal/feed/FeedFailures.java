package com.opengrail.kafka.sse.internal.feed;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failures of a feed since the brokers last answered. Only the first of them is worth a line in the log.
 *
 * <p>Threads: its owner's alone, the feed's thread.
 */
final class FeedFailures {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    private static final long LONG_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final LongSupplier nanoTime;

    private boolean logged;

    /** When the first failure came, or 0. */
    private long since;

    FeedFailures(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Logs the first failure. */
    void log(Feed feed, Throwable e) {
        if (logged) {
            LOG.debug("Still cannot follow {}", feed, e);
        } else if (e instanceof KafkaException) {
            LOG.warn("Cannot follow {} for now, trying again: {}", feed, e.toString());
        } else {
            LOG.error("Cannot follow {}, trying again", feed, e);
        }
        logged = true;
    }

    /**
     * True every five minutes after the first failure. A consumer that got no answer for so long may have outdated addresses
     * of the brokers.
     */
    boolean lastForLong() {
        long now = nanoTime.getAsLong();
        since = since == 0 ? now : since;
        boolean isLong = now - since > LONG_NANOS;
        since = isLong ? now : since;
        return isLong;
    }

    /** The brokers have answered. */
    void end() {
        logged = false;
        since = 0;
    }
}
