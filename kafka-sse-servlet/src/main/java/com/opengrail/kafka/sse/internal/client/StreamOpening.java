package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.feed.Membership;
import jakarta.servlet.AsyncContext;
import java.util.function.Predicate;

/**
 * What a client is made of.
 *
 * @param membership its part in the feed
 * @param context the request, which the container has let go of
 * @param address the remote address
 * @param headOnly whether it asked for the headers alone
 * @param wanted the events that it gets, of those that its filter lets through; {@code null}: all
 */
record StreamOpening(
        Membership membership,
        AsyncContext context,
        String address,
        boolean headOnly,
        Predicate<? super SseEvent> wanted) {}
