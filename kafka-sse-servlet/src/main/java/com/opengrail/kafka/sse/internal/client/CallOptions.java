package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.SseEvent;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the code that hands over a request decides, and not the client.
 *
 * @param topics gives the topics that are asked for, comma separated, or {@code null} for those that are streamed when a
 *     request names none
 * @param wanted the events that this client gets, of those that its filter lets through; {@code null}: all
 */
public record CallOptions(Function<HttpServletRequest, String> topics, Predicate<? super SseEvent> wanted) {

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
