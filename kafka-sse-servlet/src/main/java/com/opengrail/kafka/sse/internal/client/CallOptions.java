package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.SseEvent;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the code that hands over a request decides, and not the client.
 *
 * @param naming what names the topics
 * @param topics the topics, where code names them, or {@code null} for those that are streamed when a request names none
 * @param wanted the events that this client gets, of those that its filter lets through; {@code null}: all
 */
public record CallOptions(Naming naming, List<String> topics, Predicate<? super SseEvent> wanted) {

    /** What names the topics. */
    public enum Naming {
        /** The path after the servlet's mapping, or the parameter {@code topic}. */
        PATH_OR_PARAMETER,
        /** The parameter {@code topic}: the path belongs to something else. */
        PARAMETER,
        /** The code that hands over the request. */
        CODE
    }

    /** The path after the servlet's mapping names the topics, or the parameter {@code topic}. */
    public static CallOptions ofPathOrParameter(Predicate<? super SseEvent> wanted) {
        return new CallOptions(Naming.PATH_OR_PARAMETER, null, wanted);
    }

    /** The parameter {@code topic} names the topics. */
    public static CallOptions ofParameter(Predicate<? super SseEvent> wanted) {
        return new CallOptions(Naming.PARAMETER, null, wanted);
    }

    /** The code names the topics, or {@code null} for those that are streamed when a request names none. */
    public static CallOptions ofTopics(List<String> topics, Predicate<? super SseEvent> wanted) {
        return new CallOptions(Naming.CODE, topics == null ? null : List.copyOf(topics), wanted);
    }
}
