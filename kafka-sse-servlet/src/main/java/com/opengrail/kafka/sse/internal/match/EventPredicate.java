package com.opengrail.kafka.sse.internal.match;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.wire.EncodedEvent;
import java.util.function.Predicate;

/**
 * The application's code that selects events for one client, of those that its filter lets through.
 *
 * <p>Threads: called by one thread at a time, the one that holds the client.
 */
public final class EventPredicate {
    private final Predicate<? super SseEvent> predicate;

    private EventPredicate(Predicate<? super SseEvent> predicate) {
        this.predicate = predicate;
    }

    /** The predicate, or {@code null} for a client that gets everything. */
    public static EventPredicate of(Predicate<? super SseEvent> predicate) {
        return predicate == null ? null : new EventPredicate(predicate);
    }

    /**
     * True if the event of a frame is for the client.
     *
     * @throws PredicateFailure if the application's code failed
     */
    boolean test(byte[] bytes, int body, int end) {
        SseEvent event = EncodedEvent.decode(bytes, body, end);
        try {
            return predicate.test(event);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw new PredicateFailure(e);
        }
    }
}
