package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.ClientFilters;
import com.opengrail.kafka.sse.Compression;
import com.opengrail.kafka.sse.internal.filter.TopicName;
import com.opengrail.kafka.sse.internal.mapper.MapperList;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Parses the texts of settings. An exception says what is wrong with a text. */
final class Values {

    /** The value of {@code position-event} for an id line alone. */
    static final String NO_POSITION_EVENT = "none";

    private static final int LONGEST_EVENT_NAME = 200;
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'+.^_`|~-]+");
    private static final Pattern BROKER =
            Pattern.compile("(?:[A-Za-z0-9_]+://)?(?:[A-Za-z0-9._%-]+|\\[[0-9A-Fa-f:.%]+]):([0-9]{1,5})");

    /** Pages have listeners for the first three; the other two tell of a gap and of an event that was cut off. */
    private static final Set<String> NOT_FOR_POSITIONS = Set.of("message", "open", "error", "stream-gap", "stream-cut");

    private Values() {}

    static Function<String, Object> range(long least, long most) {
        return text -> number(text, least, most);
    }

    static String rangeText(long least, long most) {
        return "a whole number from " + least + " to " + most;
    }

    private static Long number(String text, long least, long most) {
        if (!text.matches("[+-]?[0-9]+")) {
            throw new IllegalArgumentException("it is not a whole number");
        }
        // No range needs more than 18 digits, and those fit into a long.
        if (text.length() > 18 || Long.parseLong(text) < least || Long.parseLong(text) > most) {
            throw new IllegalArgumentException("it is out of range");
        }
        return Long.valueOf(text);
    }

    static Boolean flag(String text) {
        return word(text, "it is neither true nor false", List.of(false, true));
    }

    static ClientFilters clientFilters(String text) {
        return word(text, "it is not a kind of filter", List.of(ClientFilters.values()));
    }

    static Compression compression(String text) {
        return word(text, "there is no such compression", List.of(Compression.values()));
    }

    /** The value that is called so, in lower case. */
    private static <T> T word(String text, String fault, List<T> values) {
        return values.stream()
                .filter(value -> value.toString().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(fault));
    }

    /** Names of headers, but not the asterisk: it allows all headers, or only one called so if cookies are sent. */
    static List<String> headers(String text) {
        List<String> headers = elements(text);
        for (String header : headers) {
            if (!HEADER.matcher(header).matches()) {
                throw new IllegalArgumentException("\"" + header + "\" is not the name of a header");
            }
        }
        return List.copyOf(headers);
    }

    static String envPrefix(String text) {
        if (!isVariableName(text)) {
            throw new IllegalArgumentException("no environment variable can begin with this");
        }
        return text;
    }

    static boolean isVariableName(String text) {
        return VARIABLE.matcher(text).matches();
    }

    static List<String> topics(String text) {
        Set<String> topics = new LinkedHashSet<>();
        for (String topic : elements(text)) {
            if (!TopicName.isValid(topic)) {
                throw new IllegalArgumentException("\"" + topic + "\" is not a topic name");
            }
            topics.add(topic);
        }
        return List.copyOf(topics);
    }

    static List<String> brokers(String text) {
        List<String> brokers = elements(text);
        for (String broker : brokers) {
            var matcher = BROKER.matcher(broker);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("\"" + broker + "\" is not of the form host:port");
            }
            int port = Integer.parseInt(matcher.group(1));
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("the port of \"" + broker + "\" is not from 1 to 65535");
            }
        }
        return List.copyOf(brokers);
    }

    static MapperList mappers(String text) {
        return MapperList.of(elements(text));
    }

    static String positionEvent(String text) {
        // To pages an event without a name is a message.
        if (text.isBlank()) {
            throw new IllegalArgumentException("it is empty");
        }
        if (NOT_FOR_POSITIONS.contains(text)) {
            throw new IllegalArgumentException("this name has another meaning to pages or in the stream");
        }
        if (text.length() > LONGEST_EVENT_NAME || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "it is longer than " + LONGEST_EVENT_NAME + " characters or has control characters");
        }
        return text;
    }

    /** The elements of a comma separated list, without white space around them. None may be empty. */
    static List<String> elements(String text) {
        List<String> elements = new ArrayList<>();
        for (String element : text.split(",", -1)) {
            if (element.isBlank()) {
                throw new IllegalArgumentException("it has an empty element");
            }
            elements.add(element.strip());
        }
        return elements;
    }
}
