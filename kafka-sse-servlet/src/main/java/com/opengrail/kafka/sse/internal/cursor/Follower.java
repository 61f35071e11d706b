package com.opengrail.kafka.sse.internal.cursor;

import java.time.Instant;

/**
 * What a feed knows of a client.
 *
 * <p>Threads: called by the feed's thread, by replay threads, by those of Kafka's admin client and by whoever lets the client
 * join. Must not block.
 */
public interface Follower extends Subscriber {

    /** The stream can start: from now on the cursor is the follower's, and {@link #wake} is called. */
    void opened(Cursor cursor);

    /**
     * The stream cannot start.
     *
     * @return true if that ends it; if not, the follower continues to wait
     */
    boolean failed(StartFailure failure);

    /** When the client came whose stream is open although it has no position yet; else {@code null}. */
    Instant openSince();

    /** True if it has left, perhaps before it could be taken out of everything. */
    boolean isGone();

    /** The brokers have answered something: the start position will be known soon. */
    void startIsNear();
}
