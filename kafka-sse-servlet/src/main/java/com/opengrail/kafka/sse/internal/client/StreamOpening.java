package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.feed.Membership;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import jakarta.servlet.AsyncContext;

/**
 * Everything that a new client needs.
 *
 * @param membership its membership in the feed
 * @param context its asynchronous request
 * @param place its place, which it gives back
 * @param asked what its request asks for
 * @param call what the application decides
 * @param access the conditions for the stream
 * @param compressors the compressors, or {@code null} if the stream is not compressed
 */
record StreamOpening(
        Membership membership,
        AsyncContext context,
        Place place,
        StreamRequest asked,
        CallOptions call,
        Access access,
        Compressors compressors) {}
