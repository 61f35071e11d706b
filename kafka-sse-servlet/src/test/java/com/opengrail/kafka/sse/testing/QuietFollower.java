package com.opengrail.kafka.sse.testing;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.cursor.Follower;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import java.time.Instant;
import java.util.function.Predicate;

/** A client that wants nothing special: all events, plain, and it never leaves. */
public interface QuietFollower extends Follower {
    @Override
    default boolean isEndDue() {
        return false;
    }

    @Override
    default EventFilter filter() {
        return EventFilter.all();
    }

    @Override
    default Predicate<? super SseEvent> predicate() {
        return null;
    }

    @Override
    default Compressors compressors() {
        return null;
    }

    @Override
    default String payer() {
        return "";
    }

    @Override
    default Instant openSince() {
        return null;
    }

    @Override
    default boolean isGone() {
        return false;
    }

    @Override
    default void startIsNear() {}
}
