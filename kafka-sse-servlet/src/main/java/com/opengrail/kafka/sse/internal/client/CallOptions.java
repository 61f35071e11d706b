package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.SseEvent;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the application decides about one request.
 *
 * @param requested reads the topics from the request, comma separated, or {@code null} for the default topics; asked
 *     only if the application names none
 * @param topics the names of the topics; empty if the request names them
 * @param wanted the events that the client gets, of those that its filter lets through; {@code null}: all
 * @param until when the stream ends; {@code null}: the application sets no end
 * @param check says whether the stream may continue; {@code null}: it always may
 */
public record CallOptions(
        Function<HttpServletRequest, String> requested,
        List<String> topics,
        Predicate<? super SseEvent> wanted,
        Instant until,
        BooleanSupplier check) {

    /** Leaves everything to the request. */
    public static CallOptions byRequest(Function<HttpServletRequest, String> requested) {
        return new CallOptions(requested, List.of(), null, null, null);
    }

    /** The path after the servlet's mapping names the topics, or the parameter {@code topic}. */
    public static String topicsOfPathOrParameter(HttpServletRequest request) {
        String path = request.getPathInfo();
        return path != null && path.length() > 1 ? path.substring(1) : topicsOfParameter(request);
    }

    /** The parameter {@code topic} names the topics: the path belongs to something else. */
    public static String topicsOfParameter(HttpServletRequest request) {
        return StreamRequest.parameter(request, "topic");
    }
}
