package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.SseEvent;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What the application decides about one request.
 *
 * @param naming what of the request names the topics, if the application does not
 * @param topics the names of the topics, if the application names them; else empty
 * @param wanted the events that the client gets, of those that its filter lets through; {@code null}: all
 * @param until the end of the stream; {@code null}: the application sets none
 * @param check true while the stream may continue; {@code null}: it always may
 */
public record CallOptions(
        Naming naming, List<String> topics, Predicate<? super SseEvent> wanted, Instant until, BooleanSupplier check) {

    /** What of the request names the topics. */
    public enum Naming {
        /** The path after the servlet's mapping, or the parameter {@code topic}. */
        PATH_OR_PARAMETER,
        /** The parameter {@code topic}: the path belongs to something else. */
        PARAMETER
    }

    /** Leaves everything to the request. */
    public static CallOptions byRequest(Naming naming) {
        return new CallOptions(naming, List.of(), null, null, null);
    }
}
