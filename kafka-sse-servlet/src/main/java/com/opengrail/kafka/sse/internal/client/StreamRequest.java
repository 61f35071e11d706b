package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Offsets;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.position.Start;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What a client asks for, read and checked. Each part is bounded before it is looked at.
 *
 * @param topics the names of the topics, sorted, each once
 * @param filter the events that it wants
 * @param start where the stream is to start
 */
record StreamRequest(List<String> topics, EventFilter filter, Start start) {
    private static final int MAX_FILTER_CHARACTERS = 4096;
    private static final String FILTER = "filter[event]";
    private static final String FILTER_ALIAS = "event";

    static StreamRequest of(HttpServletRequest request, CallOptions call, TopicRules rules) throws Rejection {
        List<String> topics = call.topics().isEmpty()
                ? rules.check(call.requested().apply(request))
                : rules.checkNames(call.topics());
        EventFilter filter = filter(request);
        Start start = start(request, topics);
        return new StreamRequest(topics, filter, start != null ? start : rules.defaultStart());
    }

    private static EventFilter filter(HttpServletRequest request) throws Rejection {
        for (String name : Collections.list(request.getParameterNames())) {
            if (name.startsWith("filter[") && !name.equals(FILTER)) {
                throw Rejection.badRequest(
                        "Unknown parameter " + Rejection.quote(name) + ": the filter there is, is " + FILTER);
            }
        }
        List<String> expressions = new ArrayList<>();
        int characters = 0;
        for (String name : List.of(FILTER, FILTER_ALIAS)) {
            String[] values = request.getParameterValues(name);
            for (String value : values == null ? new String[0] : values) {
                characters += value.length();
                if (!value.isBlank()) {
                    expressions.add(value);
                }
            }
        }
        if (characters > MAX_FILTER_CHARACTERS) {
            throw Rejection.badRequest(
                    FILTER + " is longer than " + MAX_FILTER_CHARACTERS + " characters: " + characters);
        }
        try {
            return expressions.isEmpty() ? EventFilter.all() : EventFilter.parse(expressions);
        } catch (IllegalArgumentException e) {
            throw Rejection.badRequest(FILTER + ": " + oneLine(e));
        }
    }

    /** Where the request wants to start, or {@code null} if it does not say. */
    private static Start start(HttpServletRequest request, List<String> topics) throws Rejection {
        String header = request.getHeader("Last-Event-ID");
        String id = header != null && !header.isEmpty() ? header : parameter(request, "last-event-id");
        if (id != null) {
            return after("Last-Event-ID", id, topics);
        }
        String offset = parameter(request, "offset");
        if (offset != null) {
            return atOffset(offset, topics);
        }
        String since = parameter(request, "since");
        return since != null ? StartSince.parse(since) : null;
    }

    private static Start after(String name, String id, List<String> topics) throws Rejection {
        try {
            return new Start.After(PositionCodec.decode(id, topics));
        } catch (IllegalArgumentException e) {
            throw Rejection.badRequest(name + " " + Rejection.quote(id) + " " + oneLine(e));
        }
    }

    private static Start atOffset(String offset, List<String> topics) throws Rejection {
        if (offset.equals("latest")) {
            return new Start.Latest();
        }
        if (offset.equals("earliest")) {
            return new Start.Earliest();
        }
        try {
            return offset.contains(":")
                    ? StartAtOffsets.parse(offset, topics)
                    : new Start.AtOffset(Offsets.parse(offset, 0));
        } catch (IllegalArgumentException e) {
            throw Rejection.badRequest("offset " + Rejection.quote(offset) + " " + oneLine(e)
                    + "; it may be latest, earliest, an offset, or partition:offset pairs such as 0:12,1:55");
        }
    }

    /** A parameter's value, or {@code null} if it is absent or empty. */
    static String parameter(HttpServletRequest request, String name) {
        String value = request.getParameter(name);
        return value == null || value.isEmpty() ? null : value;
    }

    private static String oneLine(IllegalArgumentException e) {
        return String.join(" ", Arrays.asList(e.getMessage().split("\\R")));
    }
}
