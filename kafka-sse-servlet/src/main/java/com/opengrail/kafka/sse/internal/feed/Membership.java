package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Start;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A client's part in a feed, which keeps the feed alive.
 *
 * <p>Threads: safe; leaving is idempotent.
 */
public final class Membership {
    private final Feed feed;
    private final Runnable release;
    private final AtomicBoolean left = new AtomicBoolean();

    Membership(Feed feed, Runnable release) {
        this.feed = feed;
        this.release = release;
    }

    /** Asks for the stream, of which the follower is told at once or later whether it can start. */
    public void follow(Start start, EventFilter filter, Follower follower) {
        feed.join(start, filter, follower);
    }

    public void leave(Follower follower) {
        if (left.compareAndSet(false, true)) {
            feed.leave(follower);
            release.run();
        }
    }
}
