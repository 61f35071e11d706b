package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.position.Start;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which topics a client may name, and what it gets when it names none.
 *
 * @param defaults what is streamed when a request names none
 * @param defaultStart where a stream starts when a request does not say
 * @param allowed what it may name
 */
public record TopicRules(List<String> defaults, Start defaultStart, Predicate<String> allowed) {
    /** Kafka's own rule; two names of dots alone are excluded besides. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private static final int MAX_TOPICS = 100;
    private static final int MAX_CHARACTERS = 8192;

    /** The topics of a request, sorted, each once. */
    List<String> check(String requested) throws Rejection {
        if (requested == null) {
            if (defaults.isEmpty()) {
                throw Rejection.badRequest("No topic: name one in the path or as parameter topic");
            }
            return defaults.stream().distinct().sorted().toList();
        }
        if (requested.length() > MAX_CHARACTERS) {
            throw Rejection.badRequest("topic is longer than " + MAX_CHARACTERS + " characters");
        }
        return checkNames(
                Arrays.stream(requested.split(",", -1)).map(String::trim).toList());
    }

    /** The topics that are named, sorted, each once. */
    List<String> checkNames(List<String> requested) throws Rejection {
        List<String> names = requested.stream().distinct().sorted().toList();
        if (names.size() > MAX_TOPICS) {
            throw Rejection.badRequest("topic names more than " + MAX_TOPICS + " topics");
        }
        for (String name : names) {
            if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
                throw Rejection.badRequest("topic " + Rejection.quote(name)
                        + " is no topic name: letters, digits, '.', '_' and '-', at most 249");
            }
        }
        for (String name : names) {
            if (!allowed.test(name)) {
                throw new Rejection(
                        HttpServletResponse.SC_FORBIDDEN, "topic " + Rejection.quote(name) + " is not allowed");
            }
        }
        return names;
    }
}
