package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.match.EventPredicate;
import com.opengrail.kafka.sse.internal.match.Wakeable;

/**
 * What a cursor knows of its client.
 *
 * <p>Threads: asked by those that the cursor belongs to, and by replay threads. Must not block.
 */
public interface Subscriber extends Wakeable {

    /** The predicate on the events that the client's filter lets through, or {@code null} if it gets all of them. */
    EventPredicate predicate();

    /** What compresses for the client and others, or {@code null} if it does not take compressed bytes. */
    Compressors compressors();

    /** The payer of the questions that the brokers are asked for this client: its remote address, or its IPv6 network. */
    String payer();
}
