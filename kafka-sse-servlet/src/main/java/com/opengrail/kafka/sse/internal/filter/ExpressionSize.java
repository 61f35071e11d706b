package com.opengrail.kafka.sse.internal.filter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * An upper bound for the size of the program that RE2/J compiles from an expression. It is found without compiling.
 *
 * <p>RE2/J limits one counted repetition to 1000, but not their product: {@code ((a{1000}){1000})} has 17 characters
 * and becomes a million instructions. Some thousand nested groups overflow the stack. So the size is estimated first.
 * The estimate may be too high.
 */
final class ExpressionSize {

    /** High enough for any limit to refuse it, low enough to be multiplied by a repetition without overflow. */
    private static final long ENORMOUS = 1L << 40;

    private static final int HIGHEST_COUNT = 1 << 20;

    /** More than it is, to tell it from a character. */
    private static final int EMPTY_MATCH = 2;

    private static final int HEX_DIGITS = 2;
    private static final int MORE_OCTAL_DIGITS = 2;

    /** A range that ends there or before costs next to nothing if case is ignored. */
    private static final int LAST_CHEAP = 0xFF;

    /** Wherever it is: what it costs if this scan did not see it is too much. */
    private static final Pattern IGNORES_CASE = Pattern.compile("\\(\\?[A-Za-z-]*i");

    private final String text;
    private final boolean foldsCase;

    // All fields below are changed by the scan alone.
    private final Deque<Long> outerGroups = new ArrayDeque<>();
    private long sum;
    private long lastAtom;
    private int depth;
    private int wideSets;
    private int classItems;
    private int at;

    private ExpressionSize(String text) {
        this.text = text;
        this.foldsCase = IGNORES_CASE.matcher(text).find();
    }

    /**
     * What an expression may cost.
     *
     * @param instructions the most that it can have
     * @param depth how deep its groups are nested
     * @param foldsCase whether it ignores case
     * @param wideSets the Unicode classes, for which RE2/J keeps some kilobytes each, and if case is ignored the long ranges,
     *     of which it looks at each character
     * @param classItems the characters, ranges and names in classes: RE2/J compares them with each other
     */
    record Estimate(long instructions, int depth, boolean foldsCase, int wideSets, int classItems) {}

    /** The highest character in the expression, written as such or as {@code \\x{...}}. */
    static int highestCharacter(String expression) {
        int highest = expression.codePoints().max().orElse(0);
        for (int i = expression.indexOf("\\x{"); i >= 0; i = expression.indexOf("\\x{", i + 1)) {
            int end = expression.indexOf('}', i);
            String digits = end < 0 ? "" : expression.substring(i + 3, end);
            if (digits.length() < 7 && digits.matches("[0-9A-Fa-f]+")) {
                highest = Math.max(highest, Integer.parseInt(digits, 16));
            } else {
                highest = Character.MAX_CODE_POINT;
            }
        }
        return highest;
    }

    static Estimate of(String expression) {
        return new ExpressionSize(expression).scan();
    }

    private Estimate scan() {
        while (at < text.length()) {
            step(text.charAt(at++));
        }
        while (!outerGroups.isEmpty()) {
            closeGroup();
        }
        return new Estimate(Math.min(ENORMOUS, sum + lastAtom + 1), depth, foldsCase, wideSets, classItems);
    }

    private void step(char c) {
        switch (c) {
            case '(' -> openGroup();
            case ')' -> closeGroup();
            case '[' -> {
                skipClass();
                atom(1);
            }
            case '\\' -> escape();
            // One instruction to choose, and one for a branch that is empty.
            case '|' -> atom(2);
            case '^', '$' -> atom(EMPTY_MATCH);
            // What may match nothing is repeated by two instructions. A single character does not.
            case '*' -> lastAtom += lastAtom == 1 ? 1 : 2;
            case '+', '?' -> lastAtom = lastAtom + 1;
            case '{' -> repetition();
            default -> atom(1);
        }
    }

    private void atom(long size) {
        sum = Math.min(ENORMOUS, sum + lastAtom);
        lastAtom = size;
    }

    private void openGroup() {
        if (at < text.length() && text.charAt(at) == '?' && skipGroupPrefix()) {
            return;
        }
        atom(0);
        outerGroups.push(sum);
        depth = Math.max(depth, outerGroups.size());
        sum = 0;
    }

    /** Moves past {@code ?i:}, {@code ?P<name>} or {@code ?i)}. True for the last form, which opens no group. */
    private boolean skipGroupPrefix() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == ')') {
                return true;
            }
            if (c == ':' || c == '>') {
                return false;
            }
        }
        return true;
    }

    private void closeGroup() {
        if (outerGroups.isEmpty()) {
            return;
        }
        // Two instructions note where a group begins and ends. One stands for an empty group.
        long group = Math.min(ENORMOUS, sum + lastAtom + 3);
        sum = outerGroups.pop();
        lastAtom = group;
    }

    /** Reads the items of a class as RE2/J does: a bracket that ends a range, for instance, is not the start of a named class. */
    private void skipClass() {
        if (at < text.length() && text.charAt(at) == '^') {
            at++;
        }
        boolean first = true;
        while (at < text.length()) {
            if (text.charAt(at) == ']' && !first) {
                at++;
                return;
            }
            first = false;
            skipItem();
        }
    }

    private void skipItem() {
        classItems++;
        int endOfName = text.startsWith("[:", at) ? text.indexOf(":]", at) : -1;
        if (endOfName >= 0) {
            at = endOfName + 2;
        } else if (isEscapeOf("pP")) {
            at += 2;
            wideSets++;
            if (!skipBraces() && at < text.length()) {
                at += Character.charCount(text.codePointAt(at));
            }
        } else if (isEscapeOf("dDsSwW")) {
            at += 2;
        } else {
            classCharacter();
            if (text.startsWith("-", at) && !text.startsWith("-]", at)) {
                at++;
                wideSets += classCharacter() > LAST_CHEAP && foldsCase ? 1 : 0;
            }
        }
    }

    private boolean isEscapeOf(String letters) {
        return text.startsWith("\\", at) && at + 1 < text.length() && letters.indexOf(text.charAt(at + 1)) >= 0;
    }

    /** Reads one character of a class. One in braces counts as the highest: few write low ones so. */
    private int classCharacter() {
        if (at >= text.length()) {
            return 0;
        }
        int character = text.codePointAt(at);
        at += Character.charCount(character);
        if (character != '\\' || at >= text.length()) {
            return character;
        }
        char escaped = text.charAt(at++);
        if (escaped == 'x' && skipBraces()) {
            return Character.MAX_CODE_POINT;
        }
        if (escaped == 'x') {
            at = Math.min(text.length(), at + HEX_DIGITS);
        } else if (isOctal(escaped)) {
            for (int more = 0; more < MORE_OCTAL_DIGITS && at < text.length() && isOctal(text.charAt(at)); more++) {
                at++;
            }
        }
        return escaped;
    }

    private static boolean isOctal(char c) {
        return c >= '0' && c <= '7';
    }

    /** Moves past what is in braces, if it is next. */
    private boolean skipBraces() {
        if (!text.startsWith("{", at)) {
            return false;
        }
        int end = text.indexOf('}', at);
        at = end < 0 ? text.length() : end + 1;
        return true;
    }

    private void escape() {
        if (at >= text.length()) {
            return;
        }
        char c = text.charAt(at++);
        wideSets += c == 'p' || c == 'P' ? 1 : 0;
        if (c == 'Q') {
            int end = text.indexOf("\\E", at);
            int stop = end < 0 ? text.length() : end;
            // A repetition after the quote applies to its last character only. To count the whole is on the safe side.
            // After an empty quote it applies to what comes before.
            if (stop > at) {
                atom(stop - at);
            }
            at = end < 0 ? stop : stop + 2;
            return;
        }
        if (c == 'p' || c == 'P' || c == 'x') {
            skipBraces();
        }
        atom("bBAz".indexOf(c) >= 0 ? EMPTY_MATCH : 1);
    }

    /** Reads {@code {n}}, {@code {n,}} or {@code {n,m}}. Anything else is a literal brace. */
    private void repetition() {
        int end = text.indexOf('}', at);
        String inner = end < 0 ? "" : text.substring(at, end);
        int comma = inner.indexOf(',');
        String low = comma < 0 ? inner : inner.substring(0, comma);
        String high = comma < 0 ? "" : inner.substring(comma + 1);
        if (!isNumber(low) || !(high.isEmpty() || isNumber(high))) {
            atom(1);
            return;
        }
        at = end + 1;
        long times = Math.max(1, Math.max(count(low), count(high)));
        lastAtom = Math.min(ENORMOUS, (lastAtom + 1) * times + 1);
    }

    /** To RE2/J digits with a zero in front are text. */
    private static boolean isNumber(String digits) {
        return !digits.isEmpty()
                && (digits.length() == 1 || digits.charAt(0) != '0')
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static long count(String digits) {
        if (digits.isEmpty()) {
            return 0;
        }
        return digits.length() > 6 ? HIGHEST_COUNT : Long.parseLong(digits);
    }
}
