package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.source.UnknownTopicsException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The pause between two attempts to follow topics. It grows with each failure until the brokers have answered a poll, and is
 * over at once when the feed ends.
 *
 * <p>Threads: the feed's thread waits; anybody ends.
 */
final class FeedPause {
    static final long SHORTEST_MILLIS = 500;
    static final long LONGEST_MILLIS = 15_000;

    /** A client that asks for a topic meanwhile must get the answer before its stream opens, after a second. */
    private static final long LONGEST_FOR_TOPIC_MILLIS = 700;

    /** Kafka's clients pause between attempts to connect by themselves. */
    private static final long LONGEST_WITHOUT_ANSWER_MILLIS = 2_000;

    private static final int GROWTH = 3;

    private final CountDownLatch end;

    /** Used by the feed's thread only. */
    private long millis = SHORTEST_MILLIS;

    /**
     * The pause of a feed that starts.
     *
     * @param end is counted down when the feed ends
     */
    FeedPause(CountDownLatch end) {
        this.end = end;
    }

    /** The next failure is the first one again. */
    void reset() {
        millis = SHORTEST_MILLIS;
    }

    void end() {
        end.countDown();
    }

    /** Waits as long as suits a failure. */
    void awaitAfter(Throwable e) {
        if (e instanceof UnknownTopicsException || e instanceof TooManyPartitionsException) {
            await(LONGEST_FOR_TOPIC_MILLIS);
        } else if (e instanceof TimeoutException) {
            await(LONGEST_WITHOUT_ANSWER_MILLIS);
        } else {
            await(LONGEST_MILLIS);
        }
    }

    /**
     * Waits.
     *
     * @param mostMillis the longest that this pause may be; the next one grows from its length
     */
    void await(long mostMillis) {
        millis = Math.min(mostMillis, millis);
        try {
            end.await(millis, TimeUnit.MILLISECONDS);
            millis = Math.min(LONGEST_MILLIS, millis * GROWTH);
        } catch (InterruptedException e) {
            // Without an end the next attempt may fail, too, and is to be followed by a pause.
            Thread.currentThread().interrupt();
        }
    }
}
