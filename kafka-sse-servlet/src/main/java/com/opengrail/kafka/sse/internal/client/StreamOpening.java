package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.feed.Membership;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import jakarta.servlet.AsyncContext;
import java.time.Instant;

/**
 * Everything that a new client needs.
 *
 * @param slot which it gives back
 * @param compressors {@code null} if the stream is not compressed
 * @param openedAt the time by the calendar
 */
record StreamOpening(
        Membership membership,
        AsyncContext context,
        Slot slot,
        StreamRequest asked,
        CallOptions call,
        Access access,
        Compressors compressors,
        Instant openedAt) {

    /** Of a client that knows where it starts. */
    StreamOpening withoutStart() {
        return new StreamOpening(membership, context, slot, asked.withoutStart(), call, access, compressors, openedAt);
    }
}
