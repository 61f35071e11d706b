package com.opengrail.kafka.sse.internal.filter;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An upper bound for the size of the program that RE2/J compiles from an expression. It is found without compiling.
 *
 * <p>RE2/J limits one counted repetition to 1000, but not their product: {@code ((a{1000}){1000})} has 17 characters
 * and becomes a million instructions. Some thousand nested groups overflow the stack. So the size is estimated first.
 * The estimate may be too high. Where this scan and RE2/J read the text differently, RE2/J refuses the text.
 */
final class ExpressionSize {

    /** High enough for any limit to refuse it, low enough to be multiplied by a repetition without overflow. */
    private static final long ENORMOUS = 1L << 40;

    private static final int HIGHEST_COUNT = 1 << 20;
    private static final char LAST_ASCII = 127;

    private final String text;

    // All fields below are changed by the scan alone.
    private final Deque<Long> outerGroups = new ArrayDeque<>();
    private long sum;
    private long lastAtom;
    private int depth;
    private boolean foldsCase;
    private int wideSets;
    private int at;

    private ExpressionSize(String text) {
        this.text = text;
    }

    /**
     * What an expression may cost.
     *
     * @param instructions the most that it can have
     * @param depth how deep its groups are nested
     * @param foldsCase whether it ignores case
     * @param wideSets the Unicode classes, and the ranges that end beyond ASCII. RE2/J looks at each character of a range if
     *     case is ignored, and keeps some kilobytes for a class
     */
    record Estimate(long instructions, int depth, boolean foldsCase, int wideSets) {}

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
        return new Estimate(Math.min(ENORMOUS, sum + lastAtom + 1), depth, foldsCase, wideSets);
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
            case '*', '+', '?' -> lastAtom = lastAtom + 1;
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
        boolean named = text.startsWith("?P", at) || text.startsWith("?<", at);
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == ')') {
                return true;
            }
            if (c == ':' || c == '>') {
                return false;
            }
            foldsCase |= c == 'i' && !named;
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

    private void skipClass() {
        if (at < text.length() && text.charAt(at) == '^') {
            at++;
        }
        boolean first = true;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == ']' && !first) {
                return;
            }
            if (c == '\\') {
                countClass();
                at++;
            } else if (c == '-' && at < text.length() && (text.charAt(at) == '\\' || text.charAt(at) > LAST_ASCII)) {
                wideSets++;
            } else if (c == '[' && text.startsWith(":", at)) {
                int end = text.indexOf(":]", at);
                at = end < 0 ? at : end + 2;
            }
            first = false;
        }
    }

    /** Counts a Unicode class, of which the backslash has been read. */
    private void countClass() {
        wideSets += text.startsWith("p", at) || text.startsWith("P", at) ? 1 : 0;
    }

    private void escape() {
        if (at >= text.length()) {
            return;
        }
        countClass();
        char c = text.charAt(at++);
        if (c == 'Q') {
            int end = text.indexOf("\\E", at);
            int stop = end < 0 ? text.length() : end;
            atom(stop - at);
            // A repetition after the quote applies to its last character only. To count the whole is on the safe side.
            at = end < 0 ? stop : stop + 2;
            return;
        }
        if ((c == 'p' || c == 'P' || c == 'x') && text.startsWith("{", at)) {
            int end = text.indexOf('}', at);
            at = end < 0 ? text.length() : end + 1;
        }
        atom(1);
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

    private static boolean isNumber(String digits) {
        return !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static long count(String digits) {
        if (digits.isEmpty()) {
            return 0;
        }
        return digits.length() > 6 ? HIGHEST_COUNT : Long.parseLong(digits);
    }
}
