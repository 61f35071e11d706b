package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.match.Wakeable;
import java.util.function.Predicate;

/**
 * What a cursor knows of its client.
 *
 * <p>Threads: asked by those that the cursor belongs to, and by replay threads. Must not block.
 */
public interface Subscriber extends Wakeable {

    EventFilter filter();

    /** The application's predicate on the events that the filter lets through, or {@code null} if the client gets all of them. */
    Predicate<? super SseEvent> predicate();

    /** What compresses for the client and others, or {@code null} if it does not take compressed bytes. */
    Compressors compressors();

    /** Who takes turns with others: the user or, where nobody has logged in, the remote address or its IPv6 network. */
    String payer();

    /** True if the stream is to end: no event may be written from now on. */
    boolean isEndDue();
}
