package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.feed.Membership;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import jakarta.servlet.AsyncContext;
import java.util.function.Predicate;

/**
 * What a client is made of.
 *
 * @param membership its part in the feed
 * @param context the request, which the container has let go of
 * @param place its place, which it gives back
 * @param asked what it asks for
 * @param wanted the events that it gets, of those that its filter lets through; {@code null}: all
 * @param access what it is allowed on
 * @param compressors what compresses for it, or {@code null} if it gets the stream as it is
 */
record StreamOpening(
        Membership membership,
        AsyncContext context,
        Place place,
        StreamRequest asked,
        Predicate<? super SseEvent> wanted,
        Access access,
        Compressors compressors) {}
