package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.SseEvent;
import java.util.function.Predicate;

/**
 * What a feed knows of a client.
 *
 * <p>Threads: called by the feed's thread and, in {@link Feed#join}, by the caller; must not block.
 */
public interface Follower {

    /** The stream can start: from now on the cursor is the follower's, and {@link #wake} is called. */
    void opened(Cursor cursor);

    /**
     * The stream cannot start, or cannot go on.
     *
     * @return whether that ends it; if not, the follower goes on waiting
     */
    boolean refused(Refusal refusal);

    /**
     * There are frames for the follower, or there may be.
     *
     * @param firstMatch the sequence of the first frame that passes its filter since it was last woken, if it had taken
     *     all before; {@link Cursor#skipTo} knows whether it may be used
     */
    void wake(long firstMatch);

    /**
     * What the follower wants of the events that its filter lets through.
     *
     * @return code of the application, called by one thread at a time, or {@code null} if it wants all
     */
    default Predicate<? super SseEvent> wanted() {
        return null;
    }
}
