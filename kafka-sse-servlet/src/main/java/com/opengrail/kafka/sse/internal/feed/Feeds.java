package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.KafkaSseMXBean;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The feeds that are followed now, one for each combination of topics. A feed starts with its first client and ends some
 * seconds after its last, since a page that is loaded anew must not cost a new one; one that has
 * never started, for want of the topic for instance, ends with its last client.
 *
 * <p>Threads: safe; whether a feed is still taken is decided inside the map, one key at a time.
 */
public final class Feeds {
    /** How long a feed outlives its last client. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final FeedSources sources;
    private final FeedOptions options;
    private final int maxFeeds;
    private final LongSupplier nanoTime;
    private final Map<List<String>, Taken> feeds = new ConcurrentHashMap<>();
    private final AtomicInteger started = new AtomicInteger();

    /** Written by who closes, before looking at the feeds; read by who enters, after adding one. */
    private volatile boolean closed;

    /** Guarded by the map's lock on the key. */
    private static final class Taken {
        private final Feed feed;
        private final Runnable release;
        private int clients;
        private long leftAt;

        Taken(Feed feed, Runnable release) {
            this.feed = feed;
            this.release = release;
        }
    }

    public Feeds(FeedSources sources, FeedOptions options, int maxFeeds, LongSupplier nanoTime) {
        this.sources = sources;
        this.options = options;
        this.maxFeeds = maxFeeds;
        this.nanoTime = nanoTime;
    }

    /**
     * Takes part in the feed of some topics, which is started if need be.
     *
     * @param topics their names, sorted
     * @return the part taken, or {@code null} if there are too many feeds already, or all have been ended
     */
    public Membership enter(List<String> topics) {
        Taken taken = feeds.compute(topics, (key, existing) -> {
            Taken used = existing;
            if (used == null) {
                if (feeds.size() >= maxFeeds) {
                    return null;
                }
                used = new Taken(start(key), () -> leave(key));
            }
            used.clients++;
            return used;
        });
        if (closed) {
            // Closing may have gone through the feeds just before this one was there.
            end(topics);
            return null;
        }
        return taken == null ? null : new Membership(taken.feed, taken.release);
    }

    private Feed start(List<String> topics) {
        String clientId = sources.clientId() + "-feed-" + started.incrementAndGet();
        Feed feed = new Feed(topics, clientId, sources, options);
        feed.start();
        return feed;
    }

    private void leave(List<String> topics) {
        feeds.computeIfPresent(topics, (key, taken) -> {
            taken.clients--;
            taken.leftAt = nanoTime.getAsLong();
            if (taken.clients > 0 || taken.feed.hasStarted()) {
                return taken;
            }
            taken.feed.close();
            return null;
        });
    }

    /** What operators see of the feeds, by the names of their topics. */
    public Map<String, KafkaSseMXBean.Feed> statuses() {
        Map<String, KafkaSseMXBean.Feed> statuses = new TreeMap<>();
        for (Taken taken : feeds.values()) {
            statuses.put(taken.feed.toString(), taken.feed.status());
        }
        return statuses;
    }

    /** Whether no feed's thread has ended before it was told to. */
    public boolean areAlive() {
        return feeds.values().stream().allMatch(taken -> taken.feed.isAlive());
    }

    private void end(List<String> topics) {
        feeds.computeIfPresent(topics, (key, taken) -> {
            taken.feed.close();
            return null;
        });
    }

    /** Ends the feeds that nobody has followed for a while. */
    public void endUnused() {
        for (List<String> topics : feeds.keySet()) {
            feeds.computeIfPresent(topics, (key, taken) -> {
                if (taken.clients > 0 || nanoTime.getAsLong() - taken.leftAt < GRACE_NANOS) {
                    return taken;
                }
                taken.feed.close();
                return null;
            });
        }
    }

    /** Ends all feeds, and those that begin meanwhile, and waits for their threads, for a limited time. */
    public void close(long millis) {
        closed = true;
        List<Taken> all = List.copyOf(feeds.values());
        feeds.keySet().forEach(this::end);
        long deadline = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (Taken taken : all) {
                taken.feed.awaitEnd(TimeUnit.NANOSECONDS.toMillis(deadline - nanoTime.getAsLong()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
