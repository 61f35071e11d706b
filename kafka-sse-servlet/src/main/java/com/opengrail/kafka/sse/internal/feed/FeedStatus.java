package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.FeedHealth;
import com.opengrail.kafka.sse.KafkaSseMXBean;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What operators see of a feed.
 *
 * <pre>
 *     STARTING ----> FOLLOWING <----> FAILING
 *        ^                              ^
 *        +------------------------------+
 * </pre>
 *
 * <p>Threads: written by the feed's thread, a few volatile writes per poll; {@link #unstable} by the thread that has the
 * answer of the brokers. Read from anywhere.
 */
final class FeedStatus implements KafkaSseMXBean.Feed {
    /** Several times as long as a broker holds back a fetch that finds nothing. */
    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** So long before the feed counts as silent an answer is late. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final Counters counters;
    private final IntSupplier clients;
    private final long silentNanos;
    private final LongSupplier nanoTime;

    /** Written by the feed's thread. */
    private volatile FeedHealth.State state = FeedHealth.State.STARTING;

    private volatile boolean answered;
    private volatile long answeredAt;

    /** The feed's thread's: since when it waits for an answer. */
    private long silentSince;

    private volatile long windowEvents;
    private volatile long windowBytes;
    private volatile long lagRecords = -1;
    private volatile boolean wasAtEnd;
    private volatile long atEndAt;
    private volatile long unstableRecords = -1;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong consecutiveFailures = new AtomicLong();
    private volatile String lastError = "";
    private volatile String failingPartitions = "";
    private volatile boolean throttled;

    /**
     * The status of a feed that starts.
     *
     * @param clients the number of clients that the feed has now
     * @param silentNanos without an answer for this long the feed counts as failing
     */
    FeedStatus(Counters counters, IntSupplier clients, long silentNanos, LongSupplier nanoTime) {
        this.counters = counters;
        this.clients = clients;
        this.silentNanos = silentNanos;
        this.nanoTime = nanoTime;
    }

    void read(long records, long gaps) {
        counters.tailRecords.add(records);
        counters.gaps.add(gaps);
    }

    void window(long events, long bytes) {
        windowEvents = events;
        windowBytes = bytes;
    }

    /** The partitions that cannot be read for now, separated by commas. */
    void failingPartitions(String partitions) {
        failingPartitions = partitions;
    }

    /** Why some partitions or topics cannot be read while the others are followed; empty if there is nothing new to say. */
    void unreadable(String reason) {
        lastError = reason.isEmpty() ? lastError : reason;
    }

    /** Whether the brokers have held back an answer lately. */
    void throttled(boolean is) {
        throttled = is;
    }

    /** The records between the last stable offset and the high watermark. */
    void unstable(long records) {
        unstableRecords = records;
    }

    /** How many records the feed is behind the end of the log; -1 if that is not known. */
    void lag(long records) {
        lagRecords = records;
    }

    /** The feed has all that was in the log at a time. */
    void hadAll(long at) {
        atEndAt = at;
        wasAtEnd = true;
    }

    /** How long ago the feed last had all that was in the log, or the largest {@code long} if it never had. */
    long nanosSinceEnd() {
        return wasAtEnd ? nanoTime.getAsLong() - atEndAt : Long.MAX_VALUE;
    }

    /** The brokers have answered. True if the feed follows its topics again after a failure. */
    boolean answered() {
        boolean again = answered && state == FeedHealth.State.FAILING;
        answeredAt = nanoTime.getAsLong();
        silentSince = answeredAt;
        answered = true;
        if (state != FeedHealth.State.FOLLOWING) {
            consecutiveFailures.set(0);
            state = FeedHealth.State.FOLLOWING;
        }
        return again;
    }

    /** True if the brokers have not answered for so long that the feed is not served any more. */
    boolean isSilent() {
        return nanoTime.getAsLong() - silentSince >= silentNanos;
    }

    /** True if there should have been an answer by now, though it may be late. */
    boolean isLate() {
        return nanosUntilSilent() <= LATE_NANOS && !isAnswered();
    }

    /** Who has not answered for so long is silent. */
    long silentNanos() {
        return silentNanos;
    }

    /** Who has not answered for so long is late. */
    long lateNanos() {
        return silentNanos - LATE_NANOS;
    }

    long nanosUntilSilent() {
        return silentNanos - (nanoTime.getAsLong() - silentSince);
    }

    /** True if the brokers have answered just now, or the feed has just begun to try. */
    boolean isAnswered() {
        return nanoTime.getAsLong() - silentSince < RECENT_NANOS;
    }

    /** The feed begins to try, or its silence is no failure of the brokers: they hold back answers, or nothing is asked. */
    void restartSilence() {
        silentSince = nanoTime.getAsLong();
    }

    /** The brokers have answered that there is nothing to follow yet. */
    void startsAgain() {
        consecutiveFailures.set(0);
        state = FeedHealth.State.STARTING;
    }

    /**
     * Following the topics has failed; it will be tried again.
     *
     * @param isRefusal true if the brokers have refused what only the feed's own clients asked for: they serve other feeds
     */
    void failed(String error, boolean isRefusal) {
        lastError = error;
        // What was last seen of the brokers is not so any more, or nobody knows.
        failingPartitions = "";
        throttled = false;
        lagRecords = -1;
        unstableRecords = -1;
        counters.feedFailures.increment();
        failures.incrementAndGet();
        consecutiveFailures.incrementAndGet();
        state = isRefusal ? FeedHealth.State.STARTING : FeedHealth.State.FAILING;
    }

    @Override
    public String getState() {
        return state.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public long getClients() {
        return clients.getAsInt();
    }

    @Override
    public long getWindowEvents() {
        return windowEvents;
    }

    @Override
    public long getWindowBytes() {
        return windowBytes;
    }

    @Override
    public long getLagRecords() {
        return lagRecords;
    }

    @Override
    public long getLastAnswerAgeMillis() {
        return answered ? TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanoTime.getAsLong() - answeredAt)) : -1;
    }

    @Override
    public long getFailures() {
        return failures.get();
    }

    @Override
    public long getConsecutiveFailures() {
        return consecutiveFailures.get();
    }

    @Override
    public long getUnstableRecords() {
        return unstableRecords;
    }

    @Override
    public String getFailingPartitions() {
        return failingPartitions;
    }

    @Override
    public boolean isThrottled() {
        return throttled;
    }

    @Override
    public String getLastError() {
        return lastError;
    }
}
