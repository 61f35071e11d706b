package com.opengrail.kafka.sse.internal.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the filter of a request may contain. */
public enum ClientFilters {
    /** RE2 expressions. */
    REGEX,
    /** Names; a {@code *} at the end stands for anything. */
    LITERAL,
    /** Nothing: a request has no filter. */
    NONE;

    /**
     * The most instructions of all expressions of one request. Anybody may send expressions, and each new event name is
     * compared with them. This many instructions take some hundred microseconds for a name of 200 characters.
     */
    public static final int MAX_INSTRUCTIONS = 256;

    /**
     * Parses the comma separated lists of a request.
     *
     * @throws IllegalArgumentException if the lists are not allowed; the message says why
     */
    public EventFilter parse(List<String> specs) {
        return switch (this) {
            case REGEX -> EventFilter.parse(specs, MAX_INSTRUCTIONS);
            case LITERAL -> EventFilter.parse(quoted(specs), MAX_INSTRUCTIONS);
            case NONE -> throw new IllegalArgumentException("this server takes no filters");
        };
    }

    private static List<String> quoted(List<String> specs) {
        List<String> expressions = new ArrayList<>();
        for (String spec : specs) {
            for (String name : NamePatterns.split(spec)) {
                boolean prefix = name.endsWith("*");
                String literal = prefix ? name.substring(0, name.length() - 1) : name;
                // The result is split at commas again.
                expressions.add(PlainNames.quote(literal).replace(",", "\\,") + (prefix ? ".*" : ""));
            }
        }
        return expressions;
    }

    /** The value of the setting. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
