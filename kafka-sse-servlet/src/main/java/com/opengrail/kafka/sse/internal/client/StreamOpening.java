package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.access.Access;
import com.opengrail.kafka.sse.internal.access.Slot;
import com.opengrail.kafka.sse.internal.cursor.StartFailure;
import com.opengrail.kafka.sse.internal.feed.Membership;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.request.HttpRejection;
import com.opengrail.kafka.sse.internal.request.StreamRequest;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
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

    /** Why there is no stream. A topic that code has named is not told. */
    HttpRejection rejection(StartFailure failure) {
        return switch (failure.reason()) {
            case BAD_REQUEST -> new HttpRejection(HttpServletResponse.SC_BAD_REQUEST, failure.text());
            case UNKNOWN_TOPIC ->
                new HttpRejection(
                        HttpServletResponse.SC_NOT_FOUND,
                        call.options().topics().isEmpty() ? failure.text() : "The brokers know no such topic");
        };
    }
}
