package com.opengrail.kafka.sse.internal.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A set of names, given as literal names and as RE2 expressions that have to match a whole name.
 *
 * <p>Literals are looked up, in any number; beginnings and ends of names are not compiled either. Other expressions may come
 * from strangers, so their number, their nesting and their compiled size are limited ({@link #MAX_EXPRESSIONS}, {@link #MAX_DEPTH}, {@link #MAX_INSTRUCTIONS}).
 *
 * <p>Threads: immutable.
 */
public final class NamePatterns {

    /** The most expressions that are no literal names: more than a person writes, few enough to be tried one by one. */
    public static final int MAX_EXPRESSIONS = 256;

    /** The deepest nesting of groups. RE2/J recurses into groups, and some thousand of them overflow the stack. */
    public static final int MAX_DEPTH = 50;

    /**
     * The most instructions of all expressions of an operator's set: twice as many as 4096 characters can have without
     * counted repetitions. In the worst case, the time to match a name is proportional to it.
     */
    public static final int MAX_INSTRUCTIONS = 8192;

    /**
     * The highest character of an expression that ignores case. RE2/J 1.8 never returns from folding U+1C80 to U+1C88,
     * alone or within a range: {@code (?i)[!-\x{ffff}]} would occupy a thread for ever.
     */
    static final int MAX_FOLDED_CHARACTER = 0x1C7F;

    static final Size OF_OPERATORS = new Size(MAX_INSTRUCTIONS, Integer.MAX_VALUE, Integer.MAX_VALUE);

    private static final int MAX_QUOTED = 80;

    /** RE2/J keeps some 100 bytes for each instruction and thread that has evaluated it. */
    private static final int LARGE_INSTRUCTIONS = 64;

    /** Of an instruction that some threads have evaluated, and of a name without its characters. */
    private static final int INSTRUCTION_BYTES = 300;

    private static final int NAME_BYTES = 100;

    private static final long HASH_FACTOR = new SecureRandom().nextLong() | 1;

    /** How large expressions are: {@link ExpressionSize.Estimate}. */
    record Size(long instructions, int wideSets, int classItems) {}

    private final PlainNames plain;
    private final Set<String> literals;
    private final Set<String> expressions;
    private final List<Pattern> patterns;
    private final int instructions;
    private final int hash;

    private NamePatterns(PlainNames plain, Map<String, Pattern> patterns, long instructions) {
        this.plain = plain;
        this.literals = plain.literals();
        this.expressions = new LinkedHashSet<>(patterns.keySet());
        this.expressions.addAll(plain.expressions());
        this.patterns = List.copyOf(patterns.values());
        this.instructions = Math.toIntExact(instructions);
        this.hash = 31 * hash(literals) + hash(expressions);
    }

    /**
     * A set of literal names and of all names that match an expression.
     *
     * @throws IllegalArgumentException if an expression is malformed or too large; the message quotes it and says why
     */
    public static NamePatterns of(Collection<String> names, Collection<String> expressions) {
        return of(names, expressions, OF_OPERATORS);
    }

    /**
     * A set of literal names and of all names that match an expression, with a limit for its size.
     *
     * @param names literal names
     * @param expressions RE2 expressions
     * @param most how large all expressions together may be
     * @throws IllegalArgumentException if an expression is malformed or too large; the message quotes it and says why
     */
    static NamePatterns of(Collection<String> names, Collection<String> expressions, Size most) {
        PlainNames plain = new PlainNames();
        Map<String, Pattern> patterns = new LinkedHashMap<>();
        Size size = new Size(0, 0, 0);
        for (String expression : expressions) {
            if (!plain.add(expression, MAX_EXPRESSIONS) && !patterns.containsKey(expression)) {
                size = checkedSize(expression, most, size);
                patterns.put(expression, compile(expression));
            }
            if (plain.expressions().size() + patterns.size() > MAX_EXPRESSIONS) {
                throw new IllegalArgumentException("more than " + MAX_EXPRESSIONS + " expressions");
            }
        }
        plain.addNames(names);
        return new NamePatterns(plain, patterns, size.instructions());
    }

    /**
     * The elements of a comma separated list, without white space around them. {@code \,} is a comma that belongs to
     * the element. A backslash that is escaped itself ({@code \\,}) does not escape the comma.
     *
     * @throws IllegalArgumentException if an element is empty: what was meant is unclear
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

    public boolean contains(String name) {
        return plain.contains(name) || matchesAny(name);
    }

    /**
     * True if the name is in the set.
     *
     * @param givesUp is asked now and then
     * @throws GaveUpException if the answer was that it takes too long
     */
    boolean contains(String name, BooleanSupplier givesUp) {
        return plain.contains(name) || matchesAny(new WatchedName(name, givesUp));
    }

    private boolean matchesAny(CharSequence name) {
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).matcher(name).matches()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Gives back what RE2/J keeps for its next evaluation, if it is much. With a filter of its own for each of thousands of
     * clients, it would be most of what they cost. Any thread may call it at any time.
     */
    public void release() {
        if (instructions > LARGE_INSTRUCTIONS) {
            patterns.forEach(Pattern::reset);
        }
    }

    /** The memory of the set, in bytes: rather more than less. */
    int footprint() {
        int names = 1 + literals.size() + expressions.size() + plain.parts();
        int characters = literals.stream().mapToInt(String::length).sum()
                + expressions.stream().mapToInt(String::length).sum();
        return names * NAME_BYTES + 2 * characters * Character.BYTES + instructions * INSTRUCTION_BYTES;
    }

    public Set<String> literals() {
        return literals;
    }

    /** The expressions as they were written, without those that are literal names. */
    public Set<String> expressions() {
        return expressions;
    }

    private static String checkedElement(CharSequence raw, String list) {
        String element = raw.toString().strip();
        if (element.isEmpty()) {
            throw new IllegalArgumentException("an empty expression in " + quoted(list));
        }
        return element;
    }

    /** The size of an expression and of others together. */
    private static Size checkedSize(String expression, Size most, Size others) {
        ExpressionSize.Estimate estimate = ExpressionSize.of(expression);
        if (estimate.depth() > MAX_DEPTH) {
            throw refused(expression, "groups are nested deeper than " + MAX_DEPTH);
        }
        if (estimate.foldsCase() && ExpressionSize.highestCharacter(expression) > MAX_FOLDED_CHARACTER) {
            throw refused(expression, "case can be ignored for characters up to U+1C7F only");
        }
        long steps = most.instructions;
        if (estimate.instructions() > steps) {
            throw refused(expression, "it repeats too much: it would be larger than " + steps + " steps");
        }
        Size all = new Size(
                others.instructions + estimate.instructions(),
                others.wideSets + estimate.wideSets(),
                others.classItems + estimate.classItems());
        if (all.instructions > steps) {
            throw refused(expression, "together with the others it would be larger than " + steps + " steps");
        }
        if (all.wideSets > most.wideSets) {
            throw refused(
                    expression,
                    "the request has more than " + most.wideSets
                            + " Unicode classes and ranges beyond Latin-1 that ignore case");
        }
        if (all.classItems > most.classItems) {
            throw refused(
                    expression,
                    "the classes of the request have more than " + most.classItems + " characters and ranges");
        }
        return all;
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

    /**
     * RE2 takes <code>a{2</code> as text, but here it is most likely the first half of {@code a{2,3}}, split at the
     * comma.
     */
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

    /** Short and on one line, because it appears in logs and answers. */
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
        return hash;
    }

    /** Of names in any order. It cannot be foreseen, so that nobody can send many sets with equal hash codes. */
    private static int hash(Set<String> names) {
        int sum = 0;
        for (String name : names) {
            long hash = HASH_FACTOR;
            for (int i = 0; i < name.length(); i++) {
                hash = (hash ^ name.charAt(i)) * HASH_FACTOR;
            }
            // Sums of hashes without this would be equal for {ab, cd} and {ad, cb}.
            sum += (int) ((hash ^ hash >>> 32) * HASH_FACTOR >>> 32);
        }
        return sum;
    }

    @Override
    public String toString() {
        List<String> all = new ArrayList<>(literals);
        all.addAll(expressions);
        all.sort(null);
        return String.join(",", all);
    }
}
