package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.feed.Membership;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import jakarta.servlet.AsyncContext;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a client is made of.
 *
 * @param membership its part in the feed
 * @param context the request, which the container has let go of
 * @param place its place, which it gives back
 * @param wanted the events that it gets, of those that its filter lets through; {@code null}: all
 * @param liveEvent the name of the event that says that all of the past has been sent, if it wants one
 * @param compressors what compresses for it, or {@code null} if it gets the stream as it is
 */
record StreamOpening(
        Membership membership,
        AsyncContext context,
        Place place,
        Predicate<? super SseEvent> wanted,
        Optional<String> liveEvent,
        Compressors compressors) {}
