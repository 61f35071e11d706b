package com.opengrail.kafka.sse.internal.filter;

import com.google.re2j.Pattern;
import com.opengrail.kafka.sse.ClientFilters;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Selects events by name: comma separated RE2 expressions, one of which has to match the whole event name.
 *
 * <p>White space around an expression is removed ({@code [ ]} matches a space). {@code \,} is a comma inside an
 * expression. An empty expression is malformed; callers treat an empty value as absent. Two filters are equal if they
 * have the same expressions in any order, so clients can share verdicts.
 *
 * <p>Threads: immutable.
 */
public final class EventFilter {

    /**
     * The most instructions of all expressions of one request. Anybody may send expressions, and each new event name is
     * compared with them. This many instructions take some hundred microseconds for a name of 200 characters.
     */
    private static final int MAX_INSTRUCTIONS_OF_REQUEST = 256;

    /** Each may take five kilobytes for as long as the stream lasts. */
    private static final int MAX_WIDE_SETS_OF_REQUEST = 8;

    /** As many characters as a request can have would take some milliseconds to compile. */
    private static final int MAX_CLASS_ITEMS_OF_REQUEST = 512;

    private static final NamePatterns.Size MOST_OF_REQUEST =
            new NamePatterns.Size(MAX_INSTRUCTIONS_OF_REQUEST, MAX_WIDE_SETS_OF_REQUEST, MAX_CLASS_ITEMS_OF_REQUEST);

    private static final String EVERYTHING = ".*";

    private static final EventFilter ALL = new EventFilter(NamePatterns.of(List.of(), List.of(EVERYTHING)));

    private final NamePatterns names;

    private EventFilter(NamePatterns names) {
        this.names = names;
    }

    public static EventFilter all() {
        return ALL;
    }

    /**
     * Parses one comma separated list.
     *
     * @throws IllegalArgumentException if an expression is malformed or too large; the message quotes it and says why
     */
    public static EventFilter parse(String spec) {
        return parse(List.of(spec), NamePatterns.OF_OPERATORS);
    }

    /**
     * Parses the comma separated lists of a request. An event passes if it passes one of them.
     *
     * @param allowed what the lists may contain
     * @throws IllegalArgumentException if they are not allowed, or an expression is malformed or too large; the message says
     *     why
     */
    public static EventFilter ofRequest(List<String> specs, ClientFilters allowed) {
        return switch (allowed) {
            case REGEX -> parse(specs, MOST_OF_REQUEST);
            case LITERAL -> parse(quoted(specs), MOST_OF_REQUEST);
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
                expressions.add(Pattern.quote(literal).replace(",", "\\,") + (prefix ? ".*" : ""));
            }
        }
        return expressions;
    }

    private static EventFilter parse(List<String> specs, NamePatterns.Size most) {
        if (specs.isEmpty()) {
            throw new IllegalArgumentException("no expression");
        }
        List<String> expressions = new ArrayList<>();
        for (String spec : specs) {
            expressions.addAll(NamePatterns.split(spec));
        }
        NamePatterns names = NamePatterns.of(List.of(), expressions, most);
        // The dot matches everything but line breaks, and an event name has none.
        return names.expressions().contains(EVERYTHING) ? ALL : new EventFilter(names);
    }

    /** True if an event with this name passes. An event without a name has the name {@code message}. */
    public boolean matches(String eventName) {
        return matchesEverything() || names.contains(eventName);
    }

    /**
     * True if an event with this name passes, as {@link #matches(String)} says it. It is meant for long names.
     *
     * @param givesUp is asked now and then
     * @throws GaveUpException if the answer was that it takes too long
     */
    public boolean matches(String eventName, BooleanSupplier givesUp) {
        return matchesEverything() || names.contains(eventName, givesUp);
    }

    /** Gives back what {@link #matches(String)} has left in memory for large expressions. Any thread may call it at any time. */
    public void release() {
        names.release();
    }

    /** True if all events pass, so that no name has to be examined. */
    public boolean matchesEverything() {
        return this == ALL;
    }

    /** True if exactly the events named in {@link #literals()} pass. */
    public boolean literalOnly() {
        return names.expressions().isEmpty();
    }

    /** The names that are listed literally. */
    public Set<String> literals() {
        return names.literals();
    }

    /** The memory of the filter, in bytes: rather more than less. */
    public int footprint() {
        return names.footprint();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EventFilter that && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
