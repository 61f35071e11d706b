package com.opengrail.kafka.sse.internal.filter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Expressions that are plain to see through: names, beginnings ({@code order-.*}), ends ({@code .*-created}), and
 * alternatives of these ({@code order-.*|invoice}). Comparing with them takes no longer than reading them.
 *
 * <p>Threads: filled by one thread, and immutable afterwards.
 */
final class PlainNames {
    private static final String META = "\\.+*?()|[]{}^$";
    private static final String ANYTHING = ".*";

    /** Each was an expression by itself. Hash codes may collide on purpose, which {@code Set.copyOf} would not stand. */
    private final Set<String> literals = new LinkedHashSet<>();

    /** Each was an alternative among others. */
    private final Set<String> alternatives = new LinkedHashSet<>();

    private final Set<String> beginnings = new LinkedHashSet<>();
    private final Set<String> ends = new LinkedHashSet<>();

    /** As they were written, without those that are literal names. */
    private final Set<String> expressions = new LinkedHashSet<>();

    /**
     * Adds an expression. False if it is not plain, or has too many alternatives that are no names: they are tried one by one.
     *
     * @param most the most beginnings and ends of all expressions together
     */
    boolean add(String expression, int most) {
        List<String> parts = alternativesOf(expression);
        List<String> names = new ArrayList<>();
        List<String> starts = new ArrayList<>();
        List<String> stops = new ArrayList<>();
        for (String alternative : parts) {
            boolean isPlain = addIfPlain(alternative, names)
                    || alternative.endsWith(ANYTHING)
                            && addIfPlain(alternative.substring(0, alternative.length() - ANYTHING.length()), starts)
                    || alternative.startsWith(ANYTHING) && addIfPlain(alternative.substring(ANYTHING.length()), stops);
            if (!isPlain) {
                return false;
            }
        }
        int tried = starts.size() + stops.size();
        if (parts.size() > 1 && tried > 0 && beginnings.size() + ends.size() + tried > most) {
            return false;
        }
        if (parts.size() == 1 && names.size() == 1) {
            literals.addAll(names);
            return true;
        }
        alternatives.addAll(names);
        beginnings.addAll(starts);
        ends.addAll(stops);
        expressions.add(expression);
        return true;
    }

    void addNames(Collection<String> names) {
        literals.addAll(names);
    }

    Set<String> literals() {
        return literals;
    }

    Set<String> expressions() {
        return expressions;
    }

    /** The number of alternatives, beginnings and ends. */
    int parts() {
        return alternatives.size() + beginnings.size() + ends.size();
    }

    boolean contains(String name) {
        return literals.contains(name)
                || alternatives.contains(name)
                || beginnings.stream().anyMatch(name::startsWith)
                || ends.stream().anyMatch(name::endsWith);
    }

    private static List<String> alternativesOf(String expression) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < expression.length(); i++) {
            if (expression.charAt(i) == '\\') {
                i++;
            } else if (expression.charAt(i) == '|') {
                parts.add(expression.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(expression.substring(from));
        return parts;
    }

    /** Adds the only name that an expression matches, if that is plain to see. */
    private static boolean addIfPlain(String expression, List<String> into) {
        StringBuilder name = new StringBuilder(expression.length());
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\\' && i + 1 < expression.length() && META.indexOf(expression.charAt(i + 1)) >= 0) {
                c = expression.charAt(++i);
            } else if (META.indexOf(c) >= 0) {
                return false;
            }
            name.append(c);
        }
        into.add(name.toString());
        return true;
    }
}
