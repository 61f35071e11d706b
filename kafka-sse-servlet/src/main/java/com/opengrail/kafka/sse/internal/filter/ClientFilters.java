package com.opengrail.kafka.sse.internal.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the filter of a request may hold. */
public enum ClientFilters {
    /** RE2 expressions. */
    REGEX,
    /** Names, in which a {@code *} at the end stands for anything. */
    LITERAL,
    /** Nothing: a request has no filter. */
    NONE;

    /**
     * Most instructions of the expressions of one request together. Anybody may send them, and each new event name is held
     * against them: this many take some hundred microseconds for a name of 200 characters.
     */
    public static final int MAX_INSTRUCTIONS = 256;

    /**
     * The filter of the comma separated lists of a request.
     *
     * @throws IllegalArgumentException that says why there is none
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
                // The lists are split at commas once more.
                expressions.add(NamePatterns.quote(literal).replace(",", "\\,") + (prefix ? ".*" : ""));
            }
        }
        return expressions;
    }

    /** As it is written in the setting. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
