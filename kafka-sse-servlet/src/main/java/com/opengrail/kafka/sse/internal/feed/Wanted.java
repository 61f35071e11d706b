package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.wire.EncodedEvent;
import java.util.function.Predicate;

/**
 * The application's code that says which events one client wants, of those that its filter lets through.
 *
 * <p>Threads: whoever holds the client or reads for it, one at a time.
 */
final class Wanted {
    private final Predicate<? super SseEvent> predicate;

    private Wanted(Predicate<? super SseEvent> predicate) {
        this.predicate = predicate;
    }

    /** What a follower wants, or {@code null} if that is everything. */
    static Wanted of(Follower follower) {
        return follower.wanted() == null ? null : new Wanted(follower.wanted());
    }

    /**
     * Whether the event of a frame is wanted.
     *
     * @throws WantedFailure if the application's code failed
     */
    boolean test(byte[] bytes, int body, int end) {
        SseEvent event = EncodedEvent.decode(bytes, body, end);
        try {
            return predicate.test(event);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw new WantedFailure(e);
        }
    }
}
