package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.cursor.Follower;
import com.opengrail.kafka.sse.internal.position.Start;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A client's part in a feed, which keeps the feed alive.
 *
 * <p>Threads: safe; leaving is idempotent.
 */
public final class Membership {
    /** A field instead of an object, because an object would exist for each of thousands of clients. */
    private static final AtomicIntegerFieldUpdater<Membership> LEFT =
            AtomicIntegerFieldUpdater.newUpdater(Membership.class, "left");

    private final Feeds feeds;
    private final Feed feed;
    private volatile int left;

    Membership(Feeds feeds, Feed feed) {
        this.feeds = feeds;
        this.feed = feed;
    }

    /** Asks for the stream, of which the follower is told at once or later whether it can start. */
    public void follow(Start start, Follower follower) {
        feed.join(start, follower);
        if (left != 0) {
            // It has left while it was joining: the container may report an error at any moment.
            feed.leave(follower);
        }
    }

    /** How long ago the feed last had all that was in the log, or the largest {@code long} if it never had. */
    public long nanosSinceEnd() {
        return feed.status().nanosSinceEnd();
    }

    /** Leaves before anybody has followed. */
    public void leave() {
        if (LEFT.compareAndSet(this, 0, 1)) {
            feeds.leave(feed);
        }
    }

    public void leave(Follower follower) {
        if (LEFT.compareAndSet(this, 0, 1)) {
            feed.leave(follower);
            feeds.leave(feed);
        }
    }
}
