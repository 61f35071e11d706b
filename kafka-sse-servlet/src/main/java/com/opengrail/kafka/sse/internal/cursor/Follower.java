package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.match.EventPredicate;
import com.opengrail.kafka.sse.internal.match.Wakeable;

/**
 * What a feed knows of a client.
 *
 * <p>Threads: called by the feed's thread, by replay threads, by those of Kafka's admin client and by whoever lets the client
 * join. Must not block.
 */
public interface Follower extends Wakeable {

    /** The stream can start: from now on the cursor is the follower's, and {@link #wake} is called. */
    void opened(Cursor cursor);

    /**
     * The stream cannot start.
     *
     * @return true if that ends it; if not, the follower continues to wait
     */
    boolean failed(StartFailure failure);

    /** The brokers have answered something: the start position will be known soon. */
    default void startIsNear() {}

    /** The predicate on the events that the follower's filter lets through, or {@code null} if it gets all of them. */
    default EventPredicate predicate() {
        return null;
    }

    /** What compresses for the follower and others, or {@code null} if it does not take compressed bytes. */
    default Compressors compressors() {
        return null;
    }

    /** The payer of the questions that the brokers are asked for this follower: its remote address, or its IPv6 network. */
    default String payer() {
        return "";
    }
}
