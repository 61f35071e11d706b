package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.KafkaSseMXBean;
import com.opengrail.kafka.sse.internal.log.QuietLog;
import com.opengrail.kafka.sse.internal.threads.Deadline;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feeds that are followed now, one for each combination of topics. A feed starts with its first client and ends
 * some seconds after its last, because a reload of a page must not cost a new feed. A feed whose topic does not exist
 * asks for it now and then, for all clients that request the topic, as long as there are any.
 *
 * <p>Limits: a feed that is told to end may go on, with all that it costs, because a mapper need not return. After some seconds
 * it counts like any other. The next feed of its topics stays until it has ended, because it may come to the same record.
 * So no topics have more than two feeds.
 *
 * <p>Threads: safe. The lock is held for a few assignments, and while a thread is started or told to end.
 */
public final class Feeds {
    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);

    /** How long a feed outlives its last client. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Most end much sooner. What follows them does not have to wait for that. */
    private static final long ENDING_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A few segments. */
    private static final long LEAST_WINDOW_BYTES = 1 << 18;

    private final FeedSources sources;
    private final FeedOptions options;
    private final int maxFeeds;
    private final List<String> defaultTopics;

    /** Changed under the lock. */
    private final Map<List<String>, Feed> feeds = new ConcurrentHashMap<>();

    /** Changed under the lock: those that were told to end, and when. Their threads may run. */
    private final Map<Feed, Long> ending = new ConcurrentHashMap<>();

    /** Guarded by this: those of them that the log names. */
    private final Set<Feed> hanging = new HashSet<>();

    private final QuietLog hangingLog;

    /** Guarded by this. */
    private final Replacements replacements = new Replacements();

    private int started;
    private boolean closed;

    /** No feeds yet. At most so many may be followed at once. */
    public Feeds(FeedSources sources, FeedOptions options, int maxFeeds) {
        this.sources = sources;
        this.options = options;
        this.maxFeeds = maxFeeds;
        this.defaultTopics = options.awaited().stream().sorted().toList();
        this.hangingLog = new QuietLog(LOG, sources.nanoTime());
    }

    /**
     * Takes part in the feed of some topics, which is started if necessary. If there are as many feeds as allowed,
     * feeds without clients give way, if they are enough and the payer has not replaced too many. The feed of the default
     * topics is started in any case.
     *
     * @param topics their names, sorted
     * @param payer who asks for them
     * @return the part taken, or {@code null} if there are too many feeds already, or all have been ended
     */
    public synchronized Membership enter(List<String> topics, String payer) {
        Feed feed = feeds.get(topics);
        if (feed == null) {
            if (closed || !hasPlaceFor(topics, payer)) {
                return null;
            }
            feed = start(topics);
            feeds.put(topics, feed);
        }
        feed.members.incrementAndGet();
        return new Membership(this, feed);
    }

    /** Ends as many feeds as have to give way, or none if those are not enough: then nobody gains by it. */
    private boolean hasPlaceFor(List<String> topics, String payer) {
        int missing = places() + 1 - maxFeeds;
        if (missing <= 0) {
            return true;
        }
        long now = sources.nanoTime().getAsLong();
        // One that has not started has no consumer, and its topic may not even exist.
        Map<Boolean, List<Feed>> unused = feeds.values().stream()
                .filter(this::mayEnd)
                .sorted(Comparator.comparingLong(each -> each.leftAt - now))
                .collect(Collectors.partitioningBy(Feed::hasStarted));
        List<Feed> givingWay = Stream.of(unused.get(false), unused.get(true))
                .flatMap(List::stream)
                .limit(missing)
                .toList();
        boolean costsConsumer = missing > unused.get(false).size();
        boolean hasPlace = topics.equals(defaultTopics)
                || givingWay.size() == missing && (!costsConsumer || replacements.take(payer, now));
        if (hasPlace) {
            givingWay.forEach(this::end);
        }
        return hasPlace;
    }

    private int places() {
        return feeds.size() + (int) hanging().count();
    }

    /** Those that were told to end long ago. */
    private Stream<Feed> hanging() {
        long now = sources.nanoTime().getAsLong();
        return ending.entrySet().stream()
                .filter(each -> each.getKey().isAlive() && now - each.getValue() >= ENDING_NANOS)
                .map(Map.Entry::getKey);
    }

    /** True if nobody follows a feed, and none of the same topics is still ending. */
    private boolean mayEnd(Feed feed) {
        return feed.members.get() == 0
                && ending.keySet().stream().noneMatch(each -> each.isAlive() && each.topics.equals(feed.topics));
    }

    private Feed start(List<String> topics) {
        String clientId = sources.clientId() + "-feed-" + ++started;
        boolean isDefault = topics.equals(defaultTopics);
        LongSupplier windowBytes = isDefault ? options::windowBytes : this::share;
        int fetchBytes = isDefault ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, fetchBytes());
        Feed feed = new Feed(topics, clientId, sources, options, windowBytes, fetchBytes);
        feed.start();
        return feed;
    }

    synchronized void leave(Feed feed) {
        feed.members.decrementAndGet();
        feed.leftAt = sources.nanoTime().getAsLong();
    }

    /** What operators see of the feeds, by the names of their topics. */
    public synchronized Map<String, KafkaSseMXBean.Feed> statuses() {
        Map<String, KafkaSseMXBean.Feed> statuses = new TreeMap<>();
        feeds.values().forEach(feed -> statuses.put(feed.toString(), feed.status()));
        return statuses;
    }

    /** Whether no feed's thread has ended before it was told to. */
    public synchronized boolean areAlive() {
        return feeds.values().stream().allMatch(Feed::isAlive);
    }

    private void end(Feed feed) {
        feeds.values().remove(feed);
        ending.put(feed, sources.nanoTime().getAsLong());
        feed.close();
    }

    /** Requests can name many combinations of topics, whose windows together must not fill the memory. */
    long share() {
        return Math.min(
                options.windowBytes(), Math.max(LEAST_WINDOW_BYTES, options.sharedBytes() / Math.max(1, places())));
    }

    /** A consumer may hold a fetch beside each window, and one more is on its way. */
    long fetchBytes() {
        return Math.max(LEAST_WINDOW_BYTES, share() / 4);
    }

    /** Looks after the feeds and what they ask the brokers. To be called now and then. */
    public void tick() {
        endUnused();
        sources.ofClients().lookups().askNext();
    }

    /** Ends the feeds that nobody has followed for a while. */
    private synchronized void endUnused() {
        long now = sources.nanoTime().getAsLong();
        forgetEnded();
        logHanging();
        feeds.values().stream()
                .filter(feed -> mayEnd(feed) && now - feed.leftAt >= GRACE_NANOS)
                .forEach(this::end);
    }

    private synchronized void forgetEnded() {
        ending.keySet().removeIf(feed -> !feed.isAlive());
        hanging.retainAll(ending.keySet());
    }

    /** Once for each, since nobody sees them: who asks for the feeds is told of those that are followed. */
    private void logHanging() {
        String topics = hanging().filter(hanging::add).map(Feed::toString).collect(Collectors.joining(", and of "));
        if (!topics.isEmpty()) {
            hangingLog.warn("Told to end " + TimeUnit.NANOSECONDS.toSeconds(ENDING_NANOS)
                    + " seconds ago, and still running: the feed of " + topics
                    + ". A mapper may not return. Until it does, the feed counts for max-feeds");
        }
    }

    private synchronized List<Feed> endAll() {
        closed = true;
        feeds.values().forEach(this::end);
        return List.copyOf(ending.keySet());
    }

    /** Ends all feeds, and waits for their threads, for a limited time. */
    public void close(long millis) {
        Deadline.in(Duration.ofMillis(millis)).await(endAll().stream().map(feed -> feed::awaitEnd));
        forgetEnded();
    }
}
