package com.opengrail.kafka.sse.internal.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which events pass: comma separated RE2 expressions, of which one has to match the whole event name.
 *
 * <p>White space around an expression does not belong to it ({@code [ ]} is a space that does), {@code \,} is a comma
 * inside an expression, and an empty expression is malformed; that a value without any expression counts as absent is
 * for the caller to know. Two filters are equal if they have the same expressions in any order, so that clients can
 * share verdicts. Immutable, so any thread may ask.
 */
public final class EventFilter {

    private static final String EVERYTHING = ".*";

    private static final EventFilter ALL = new EventFilter(NamePatterns.of(List.of(), List.of(EVERYTHING)), true);

    private final NamePatterns names;
    private final boolean everything;

    private EventFilter(NamePatterns names, boolean everything) {
        this.names = names;
        this.everything = everything;
    }

    /** The filter that every event passes. */
    public static EventFilter all() {
        return ALL;
    }

    /**
     * The filter of one comma separated list.
     *
     * @throws IllegalArgumentException that quotes the expression that is malformed or too large and says why
     */
    public static EventFilter parse(String spec) {
        return parse(List.of(spec));
    }

    /**
     * The filter of all lists together: what passes one of them passes.
     *
     * @throws IllegalArgumentException that quotes the expression that is malformed or too large and says why
     */
    public static EventFilter parse(List<String> specs) {
        return parse(specs, NamePatterns.MAX_INSTRUCTIONS);
    }

    /**
     * The filter of all lists together, within a limit of its own.
     *
     * @param specs comma separated lists
     * @param maxInstructions the most instructions of all expressions together
     * @throws IllegalArgumentException that quotes the expression that is malformed or too large and says why
     */
    static EventFilter parse(List<String> specs, int maxInstructions) {
        if (specs.isEmpty()) {
            throw new IllegalArgumentException("no expression");
        }
        List<String> expressions = new ArrayList<>();
        for (String spec : specs) {
            expressions.addAll(NamePatterns.split(spec));
        }
        NamePatterns names = NamePatterns.of(List.of(), expressions, maxInstructions);
        // An event name holds no line break, so the dot, which matches anything else, leaves nothing out.
        return names.expressions().contains(EVERYTHING) ? ALL : new EventFilter(names, false);
    }

    /** Whether an event of this name passes; a name holds no line break, and is {@code message} by default. */
    public boolean matches(String eventName) {
        return everything || names.contains(eventName);
    }

    /** Whether no event name has to be looked at, because all pass. */
    public boolean matchesEverything() {
        return everything;
    }

    /** Whether exactly the events named in {@link #literals()} pass. */
    public boolean literalOnly() {
        return names.expressions().isEmpty();
    }

    /** The event names that pass by themselves, without an expression. */
    public Set<String> literals() {
        return names.literals();
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
