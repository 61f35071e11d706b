package com.opengrail.kafka.sse.internal.request;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Offsets;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.position.Start;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a client asks for, read and checked. The length of each part is checked before the part is parsed.
 *
 * @param topics the names of the topics, sorted, each once
 * @param filter the events that it wants
 * @param start where the stream is to start
 * @param liveEvent the name of the event that says that all of the past has been sent, if the client wants one
 * @param from where it wants to start, in its own words, cut after {@value #MAX_FROM_CHARACTERS} characters
 * @param cutAt where a client has read a part of the next event and will not forget it: {@link WebKit}
 */
public record StreamRequest(
        List<String> topics,
        EventFilter filter,
        Start start,
        Optional<String> liveEvent,
        String from,
        Optional<String> cutAt) {
    static final int MAX_FROM_CHARACTERS = 100;
    private static final int MAX_FILTER_CHARACTERS = 4096;
    private static final int MAX_OFFSETS_CHARACTERS = 8192;
    private static final int MAX_NAME_CHARACTERS = 200;
    private static final String FILTER = "filter[event]";
    private static final String FILTER_ALIAS = "event";
    private static final String ID = "last-event-id";
    private static final String PLAIN_ID = "lasteventid";
    private static final String LIVE_EVENT = "live-event";

    /** A start, and how the request asks for it. */
    private record Wish(Start start, String from) {
        Wish {
            from = from.length() > MAX_FROM_CHARACTERS ? from.substring(0, MAX_FROM_CHARACTERS) : from;
        }
    }

    static StreamRequest of(HttpServletRequest request, CallOptions call, RequestRules rules) throws HttpRejection {
        QueryString.check(request);
        List<String> topics = rules.topics().topics(request, call);
        for (String topic : topics) {
            if (!rules.roles().mayRead(request, List.of(topic))) {
                throw TopicRules.notAllowed(request, call, topic);
            }
        }
        EventFilter filter = filter(request, rules);
        Wish wish = wish(request, topics, rules);
        Optional<String> liveEvent = liveEvent(request, rules);
        return new StreamRequest(topics, filter, wish.start(), liveEvent, wish.from(), WebKit.idOf(request));
    }

    /** For as long as the stream lasts: a start may name some thousand partitions. */
    public StreamRequest withoutStart() {
        return new StreamRequest(topics, filter, new Start.Latest(), liveEvent, from, cutAt);
    }

    private static EventFilter filter(HttpServletRequest request, RequestRules rules) throws HttpRejection {
        for (String name : Collections.list(request.getParameterNames())) {
            if (plain(name).startsWith("filter[") && !name.equals(FILTER)) {
                throw HttpRejection.badRequest(
                        "Unknown parameter " + HttpRejection.quote(name) + ": the only filter is " + FILTER);
            }
        }
        refuseOtherSpellings(request, FILTER_ALIAS);
        List<String> expressions = new ArrayList<>();
        int characters = 0;
        for (String name : List.of(FILTER, FILTER_ALIAS)) {
            String[] values = request.getParameterValues(name);
            for (String value : values == null ? new String[0] : values) {
                characters += value.length();
                if (!value.isEmpty()) {
                    expressions.add(value);
                }
            }
        }
        if (characters > MAX_FILTER_CHARACTERS) {
            throw HttpRejection.badRequest(
                    FILTER + " is longer than " + MAX_FILTER_CHARACTERS + " characters: " + characters);
        }
        try {
            return expressions.isEmpty() ? EventFilter.all() : EventFilter.ofRequest(expressions, rules.filters());
        } catch (IllegalArgumentException e) {
            throw HttpRejection.badRequest(FILTER + ": " + oneLine(e));
        }
    }

    /** Where the request wants to start. A part that loses is not examined. */
    private static Wish wish(HttpServletRequest request, List<String> topics, RequestRules rules) throws HttpRejection {
        String header = lastEventId(request);
        if (!header.isEmpty()) {
            return new Wish(afterRemembered(header, topics), ID + "=" + header);
        }
        String id = id(request);
        if (id != null) {
            return new Wish(after(id, topics), ID + "=" + id);
        }
        refuseOtherSpellings(request, "offset");
        String offset = parameter(request, "offset");
        if (offset != null) {
            return new Wish(atOffset(offset, topics), "offset=" + offset);
        }
        refuseOtherSpellings(request, "since");
        String since = parameter(request, "since");
        return since != null
                ? new Wish(StartSince.parse(since, rules.clock()), "since=" + since)
                : new Wish(rules.topics().defaultStart(), "default");
    }

    /** The first header that is not empty, or an empty text. */
    static String lastEventId(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Last-Event-ID")).stream()
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Polyfills spell the parameter in several ways. */
    private static String id(HttpServletRequest request) {
        String usual = parameter(request, ID);
        if (usual != null) {
            return usual;
        }
        for (String name : Collections.list(request.getParameterNames())) {
            if (name.replace("-", "").equalsIgnoreCase(PLAIN_ID)) {
                String value = parameter(request, name);
                if (value != null) {
                    return value;
                }
            }
        }
        return null;
    }

    /** A browser remembers the id and cannot be told to forget it: an error would end its page for good. */
    private static Start afterRemembered(String id, List<String> topics) {
        try {
            return new Start.After(PositionCodec.decode(id, topics));
        } catch (IllegalArgumentException e) {
            return new Start.UnknownId();
        }
    }

    private static Start after(String id, List<String> topics) throws HttpRejection {
        Start start = afterRemembered(id, topics);
        if (start instanceof Start.After after && after.id().isOfSameTopics()) {
            return start;
        }
        // Without the reason, which may concern topics that the request does not name.
        throw HttpRejection.badRequest(ID + " " + HttpRejection.quote(id) + " is not a Last-Event-ID of this stream");
    }

    private static Start atOffset(String offset, List<String> topics) throws HttpRejection {
        if (offset.equals("latest")) {
            return new Start.Latest();
        }
        if (offset.equals("earliest")) {
            return new Start.Earliest();
        }
        try {
            if (offset.contains(":")) {
                return atOffsets(offset, topics);
            }
            return offset.startsWith("-")
                    ? new Start.BeforeEnd(Offsets.parse(offset.substring(1), 0))
                    : new Start.AtOffset(Offsets.parse(offset, 0));
        } catch (IllegalArgumentException e) {
            throw HttpRejection.badRequest("offset " + HttpRejection.quote(offset) + " " + oneLine(e)
                    + "; it may be latest, earliest, an offset, -N for N records before the end,"
                    + " or partition:offset pairs such as 0:12,1:55");
        }
    }

    /** Offsets of single partitions. */
    private static Start atOffsets(String offsets, List<String> topics) {
        if (topics.size() > 1) {
            throw new IllegalArgumentException("names partitions, which is not possible for several topics");
        }
        if (offsets.length() > MAX_OFFSETS_CHARACTERS) {
            throw new IllegalArgumentException("is longer than " + MAX_OFFSETS_CHARACTERS + " characters");
        }
        Map<Integer, Long> parsed = new HashMap<>();
        for (String pair : offsets.split(",", -1)) {
            String[] parts = pair.split(":", -1);
            if (parts.length != 2 || !parts[0].matches("[0-9]{1,9}")) {
                throw new IllegalArgumentException("is not a list of partition:offset pairs");
            }
            if (parsed.put(Integer.valueOf(parts[0]), Offsets.parse(parts[1], 0)) != null) {
                throw new IllegalArgumentException("names partition " + parts[0] + " twice");
            }
        }
        return new Start.AtOffsets(parsed);
    }

    private static Optional<String> liveEvent(HttpServletRequest request, RequestRules rules) throws HttpRejection {
        refuseOtherSpellings(request, LIVE_EVENT);
        String name = parameter(request, LIVE_EVENT);
        if (name == null) {
            return Optional.empty();
        }
        if (name.length() > MAX_NAME_CHARACTERS || name.chars().anyMatch(Character::isISOControl)) {
            throw HttpRejection.badRequest(LIVE_EVENT + " " + HttpRejection.quote(name) + " is longer than "
                    + MAX_NAME_CHARACTERS + " characters or has control characters");
        }
        if (rules.reserved().contains(name)) {
            throw HttpRejection.badRequest(
                    LIVE_EVENT + " " + HttpRejection.quote(name) + " is a name that is reserved for the stream");
        }
        return Optional.of(name);
    }

    /** Without it a client that writes a parameter's name in another way would get what it did not ask for. */
    static void refuseOtherSpellings(HttpServletRequest request, String known) throws HttpRejection {
        for (String name : Collections.list(request.getParameterNames())) {
            if (plain(name).equals(known) && !name.equals(known)) {
                throw HttpRejection.badRequest("Unknown parameter " + HttpRejection.quote(name) + ": " + known
                        + " is written in lower case, without white space");
            }
        }
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /** The first value of a parameter that is not empty, or {@code null} if there is none. */
    static String parameter(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        return Arrays.stream(values == null ? new String[0] : values)
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse(null);
    }

    private static String oneLine(IllegalArgumentException e) {
        return String.join(" ", Arrays.asList(e.getMessage().split("\\R")));
    }
}
