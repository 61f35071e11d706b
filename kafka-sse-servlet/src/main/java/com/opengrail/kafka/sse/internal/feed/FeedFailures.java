package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.log.RootCause;
import com.opengrail.kafka.sse.internal.log.Secrets;
import com.opengrail.kafka.sse.internal.source.UnknownTopicsException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failures of a feed since the brokers last answered, and why it cannot read some of its topics. Only the first failure of
 * each kind is worth a line in the log. Each is followed by a pause, which grows up to a limit of its kind, and is over at once
 * when the feed ends.
 *
 * <p>Threads: the feed's thread; anybody ends a pause.
 */
final class FeedFailures {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    /** The least time between two lines about topics that cannot be read, and between two that say the same. */
    private static final long BETWEEN_REASONS_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long BETWEEN_EQUAL_REASONS_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long LONG_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final long SHORTEST_PAUSE_MILLIS = 500;
    static final long LONGEST_PAUSE_MILLIS = 15_000;

    /** A client that asks for a topic meanwhile must get the answer before its stream opens, after a second. */
    private static final long LONGEST_FOR_TOPIC_MILLIS = 700;

    /** Kafka's clients pause by themselves between attempts to connect, and between those to log in. */
    private static final long LONGEST_WITHOUT_ANSWER_MILLIS = 2_000;

    /**
     * Then the feed asks although no broker has accepted a connection: others may be there. Each that is away costs two lines of
     * the log, so this comes no sooner than a minute after the first lines.
     */
    private static final long LONGEST_AWAY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final long BETWEEN_LOOKS_MILLIS = 500;

    /**
     * A refused log-in writes five lines to the log. The first refusal may be that of a broker that starts. The third comes a
     * minute after it.
     */
    static final long AFTER_FIRST_REFUSAL_MILLIS = 12_000;

    static final long BETWEEN_LOG_INS_MILLIS = 50_000;

    private static final int GROWTH = 3;

    private final LongSupplier nanoTime;
    private final CountDownLatch end;

    private final Set<Class<?>> logged = new HashSet<>();

    /** When the first failure came, or 0. */
    private long since;

    /** Why topics cannot be read, as the log says now and as it said last. */
    private String reason = "";

    private String lastReason = "";
    private long lastReasonAt;

    private long pauseMillis = SHORTEST_PAUSE_MILLIS;

    /** The last failure was the lack of an answer. */
    private boolean unanswered;

    /** The admin client has been let in, so that what fails next is the consumer of the feed. */
    private boolean isOfConsumer;

    /**
     * Why the consumer's log-in was refused, or {@code null} if there has been another answer since. Kafka's consumer gives
     * the same again until it has tried once more.
     */
    private Throwable refusal;

    /** The next log-in is tried with other credentials, so that it need not be refused, too. */
    private boolean logsInAnew;

    /** No failures yet. A pause is over when {@code end} is counted down. */
    FeedFailures(LongSupplier nanoTime, CountDownLatch end) {
        this.nanoTime = nanoTime;
        this.end = end;
    }

    /**
     * Logs the first failure of each kind: brokers that were away may refuse the log-in when they are back. After another
     * failure, that there is no answer says nothing new.
     */
    void log(Object topics, Throwable e) {
        if (!logged.add(e.getClass()) || e instanceof TimeoutException && logged.size() > 1) {
            LOG.debug("Still cannot follow {}", topics, e);
        } else if (e instanceof KafkaException) {
            LOG.warn("Cannot follow {} for now, trying again: {}", topics, RootCause.describe(e));
        } else {
            LOG.error("Cannot follow {}, trying again", topics, Secrets.hideIn(e));
        }
    }

    /** Logs why some of the topics cannot be read while the others are followed. The reason is empty if all can be read. */
    void unreadable(Object topics, String now) {
        if (now.equals(reason)) {
            return;
        }
        if (now.isEmpty()) {
            LOG.info("Following all of {} again", topics);
            reason = now;
            return;
        }
        long sinceLast = nanoTime.getAsLong() - lastReasonAt;
        long least = now.equals(lastReason) ? BETWEEN_EQUAL_REASONS_NANOS : BETWEEN_REASONS_NANOS;
        if (lastReason.isEmpty() || sinceLast >= least) {
            LOG.warn("{}; following the others of {}", now, topics);
            reason = now;
            lastReason = now;
            lastReasonAt = nanoTime.getAsLong();
        }
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

    /** The brokers have answered: the next failure is the first one again. */
    void over() {
        refusal = null;
        logged.clear();
        since = 0;
        pauseMillis = SHORTEST_PAUSE_MILLIS;
    }

    void endPause() {
        end.countDown();
    }

    /** Waits as long as suits a failure, and longer while nobody is there for whom it would be tried again. */
    void pauseAfter(Throwable e, BooleanSupplier isWanted) {
        pauseAfter(e);
        awaitThat(isWanted, Long.MAX_VALUE);
    }

    /** Waits as long as suits a failure. */
    void pauseAfter(Throwable e) {
        unanswered = e instanceof TimeoutException;
        Throwable before = refusal;
        boolean isOfLogIn = e instanceof AuthenticationException;
        boolean isRefused = isOfLogIn && isOfConsumer;
        boolean isFirst = before == null || before == e;
        refusal = isRefused ? e : unanswered ? before : null;
        isOfConsumer = false;
        if (isRefused && !logsInAnew) {
            await(isFirst ? AFTER_FIRST_REFUSAL_MILLIS : BETWEEN_LOG_INS_MILLIS);
        } else if (e instanceof UnknownTopicsException || e instanceof TooManyPartitionsException) {
            pause(LONGEST_FOR_TOPIC_MILLIS);
        } else if (unanswered || isOfLogIn) {
            pause(LONGEST_WITHOUT_ANSWER_MILLIS);
        } else {
            pause(LONGEST_PAUSE_MILLIS);
        }
        logsInAnew = false;
    }

    /** If the last failure was the lack of an answer, waits until there is a broker that can be asked again. */
    void awaitBrokers(BooleanSupplier reachable) {
        if (unanswered) {
            awaitThat(reachable, LONGEST_AWAY_NANOS);
        }
    }

    /** Waits until something is so, but no longer than this. */
    void awaitThat(BooleanSupplier isSo, long mostNanos) {
        long start = nanoTime.getAsLong();
        boolean ended = false;
        try {
            while (!ended && nanoTime.getAsLong() - start < mostNanos && !isSo.getAsBoolean()) {
                ended = end.await(BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The brokers have described the topics to the admin client. */
    void described() {
        isOfConsumer = true;
    }

    /** The next log-in of the consumer is tried with other credentials. */
    void willLogInAnew() {
        logsInAnew = true;
    }

    /** Waits so long at most. The next pause grows from the length of this one. */
    void pause(long mostMillis) {
        pauseMillis = Math.min(mostMillis, pauseMillis);
        if (await(pauseMillis)) {
            pauseMillis *= GROWTH;
        }
    }

    /** False if the wait was interrupted. */
    private boolean await(long millis) {
        try {
            end.await(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            // Without an end the next attempt may fail, too, and is to be followed by a pause.
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
