package com.opengrail.kafka.sse.internal.match;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.wire.EncodedEvent;
import java.util.function.Predicate;

/**
 * The application's predicate that selects events for one client, from those that its filter lets through.
 *
 * <p>Threads: called by the holder of the client, one thread at a time.
 */
public final class EventPredicate {
    private final Predicate<? super SseEvent> predicate;

    private EventPredicate(Predicate<? super SseEvent> predicate) {
        this.predicate = predicate;
    }

    /** Wraps a predicate. {@code null} stays {@code null}: the client gets everything. */
    public static EventPredicate of(Predicate<? super SseEvent> predicate) {
        return predicate == null ? null : new EventPredicate(predicate);
    }

    /**
     * True if the event of a frame is for the client.
     *
     * @throws PredicateFailure if the application's predicate failed
     */
    boolean test(byte[] bytes, int body, int end) {
        SseEvent event = EncodedEvent.decode(bytes, body, end);
        try {
            return predicate.test(event);
        } catch (Throwable e) {
            throw new PredicateFailure(e);
        }
    }
}
