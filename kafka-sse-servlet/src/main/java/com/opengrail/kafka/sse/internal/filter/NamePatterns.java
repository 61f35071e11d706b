package com.opengrail.kafka.sse.internal.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A set of names, given as literal names and as RE2 expressions that have to match a whole name.
 *
 * <p>Literals are looked up and never run through an expression. Since the expressions come from strangers, their
 * number, their nesting and the size they compile to are limited ({@link #MAX_EXPRESSIONS}, {@link #MAX_DEPTH},
 * {@link #MAX_INSTRUCTIONS}). Immutable, so any thread may ask.
 */
public final class NamePatterns {

    /** Most different expressions of one set: more than a person writes, few enough to be tried one by one. */
    public static final int MAX_EXPRESSIONS = 256;

    /** Deepest nesting of groups: RE2/J recurses into groups, and some thousand of them overflow the stack. */
    public static final int MAX_DEPTH = 50;

    /**
     * Most instructions of all expressions of an operator's set together: twice what 4096 characters become without counted
     * repetitions. The time to match one name grows with it in the worst case.
     */
    public static final int MAX_INSTRUCTIONS = 8192;

    /**
     * Highest character of an expression that ignores case. RE2/J 1.8 never returns from folding U+1C80 to U+1C88, by
     * themselves or inside a range: {@code (?i)[!-\x{ffff}]} alone would occupy a thread for ever.
     */
    static final int MAX_FOLDED_CHARACTER = 0x1C7F;

    private static final String META = "\\.+*?()|[]{}^$";

    private static final int MAX_QUOTED = 80;

    private final Set<String> literals;
    private final Set<String> expressions;
    private final List<Pattern> patterns;

    private NamePatterns(Set<String> literals, Map<String, Pattern> patterns) {
        this.literals = Set.copyOf(literals);
        this.expressions = Set.copyOf(patterns.keySet());
        this.patterns = List.copyOf(patterns.values());
    }

    /**
     * The set of what is named literally or matched by an expression.
     *
     * @throws IllegalArgumentException that quotes the first expression that is malformed or too large and says why
     */
    public static NamePatterns of(Collection<String> names, Collection<String> expressions) {
        return of(names, expressions, MAX_INSTRUCTIONS);
    }

    /**
     * The set of what is named literally or matched by an expression, within a limit of its own.
     *
     * @param names literal names
     * @param expressions RE2 expressions
     * @param maxInstructions the most instructions of all expressions together
     * @throws IllegalArgumentException that quotes the first expression that is malformed or too large and says why
     */
    static NamePatterns of(Collection<String> names, Collection<String> expressions, int maxInstructions) {
        Set<String> literals = new LinkedHashSet<>();
        Map<String, Pattern> patterns = new LinkedHashMap<>();
        long instructions = 0;
        for (String expression : expressions) {
            String literal = literalOf(expression);
            if (literal != null) {
                literals.add(literal);
            } else if (!patterns.containsKey(expression)) {
                instructions += checkedSize(expression, maxInstructions, instructions);
                patterns.put(expression, compile(expression));
            }
            if (literals.size() + patterns.size() > MAX_EXPRESSIONS) {
                throw new IllegalArgumentException("more than " + MAX_EXPRESSIONS + " expressions");
            }
        }
        literals.addAll(names);
        return new NamePatterns(literals, patterns);
    }

    /**
     * The elements of a comma separated list, without the white space around them. {@code \,} is a comma that belongs
     * to the element; the backslash of an escaped backslash ({@code \\,}) escapes nothing else.
     *
     * @throws IllegalArgumentException for an empty element, since nobody can tell what was meant by it
     */
    public static List<String> split(String list) {
        List<String> elements = new ArrayList<>();
        StringBuilder element = new StringBuilder();
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (c == ',') {
                elements.add(checkedElement(element, list));
                element.setLength(0);
            } else if (c == '\\' && i + 1 < list.length()) {
                char escaped = list.charAt(++i);
                element.append(escaped == ',' ? "," : "\\" + escaped);
            } else {
                element.append(c);
            }
        }
        elements.add(checkedElement(element, list));
        return elements;
    }

    /** Whether the whole of this name is in the set. */
    public boolean contains(String name) {
        if (literals.contains(name)) {
            return true;
        }
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).matches(name)) {
                return true;
            }
        }
        return false;
    }

    /** The names that are in the set by themselves, as names and not as expressions. */
    public Set<String> literals() {
        return literals;
    }

    /** The expressions that are no literals, as they were written. */
    public Set<String> expressions() {
        return expressions;
    }

    /** The name if this expression matches exactly one and says so plainly, otherwise null. */
    private static String literalOf(String expression) {
        StringBuilder name = new StringBuilder(expression.length());
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\\' && i + 1 < expression.length() && META.indexOf(expression.charAt(i + 1)) >= 0) {
                c = expression.charAt(++i);
            } else if (META.indexOf(c) >= 0) {
                return null;
            }
            name.append(c);
        }
        return name.toString();
    }

    /** The expression that matches this name alone. */
    static String quote(String name) {
        StringBuilder expression = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            if (META.indexOf(name.charAt(i)) >= 0) {
                expression.append('\\');
            }
            expression.append(name.charAt(i));
        }
        return expression.toString();
    }

    private static String checkedElement(CharSequence raw, String list) {
        String element = raw.toString().strip();
        if (element.isEmpty()) {
            throw new IllegalArgumentException("an empty expression in " + quoted(list));
        }
        return element;
    }

    private static long checkedSize(String expression, int most, long others) {
        ExpressionSize.Estimate estimate = ExpressionSize.of(expression);
        if (estimate.depth() > MAX_DEPTH) {
            throw refused(expression, "groups are nested deeper than " + MAX_DEPTH);
        }
        if (estimate.foldsCase() && ExpressionSize.highestCharacter(expression) > MAX_FOLDED_CHARACTER) {
            throw refused(expression, "case can be ignored for characters up to U+1C7F only");
        }
        if (estimate.instructions() > most) {
            throw refused(expression, "it repeats too much, it would be larger than " + most + " steps");
        }
        if (others + estimate.instructions() > most) {
            throw refused(expression, "together with the others it is larger than " + most + " steps");
        }
        return estimate.instructions();
    }

    private static Pattern compile(String expression) {
        if (endsInsideRepetition(expression)) {
            throw refused(expression, "its repetition is not closed; a comma inside an expression is written \\,");
        }
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(message(expression, e.getDescription()), e);
        }
    }

    /** RE2 takes an open repetition such as <code>a{2</code> as text, but it is the half of a split {@code a{2,3}}. */
    private static boolean endsInsideRepetition(String expression) {
        int i = expression.length() - 1;
        while (i >= 0 && expression.charAt(i) >= '0' && expression.charAt(i) <= '9') {
            i--;
        }
        return i > 0 && i < expression.length() - 1 && expression.charAt(i) == '{' && expression.charAt(i - 1) != '\\';
    }

    private static IllegalArgumentException refused(String expression, String why) {
        return new IllegalArgumentException(message(expression, why));
    }

    private static String message(String expression, String why) {
        return "the expression " + quoted(expression) + " is not valid: " + why;
    }

    /** On one line and short, since it goes into logs and answers. */
    private static String quoted(String text) {
        String shown = text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "...";
        return '"' + shown.replaceAll("\\p{Cntrl}", " ") + '"';
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamePatterns that
                && literals.equals(that.literals)
                && expressions.equals(that.expressions);
    }

    @Override
    public int hashCode() {
        return 31 * literals.hashCode() + expressions.hashCode();
    }

    @Override
    public String toString() {
        List<String> all = new ArrayList<>(literals);
        all.addAll(expressions);
        all.sort(null);
        return String.join(",", all);
    }
}
