package com.opengrail.kafka.sse.internal.mapper;

import java.util.BitSet;

/**
 * The part of JSON (RFC 8259) that envelopes and reports need: it writes strings and checks that a text is exactly one value, so
 * that no record can break out of the envelope.
 *
 * <p>Threads: not safe. Each text that is checked needs an object of its own.
 */
public final class Json {
    private static final int HEX_DIGITS = 4;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Writes a string, or {@code null} if there is none. */
    public static void string(StringBuilder json, String value) {
        if (value == null) {
            json.append("null");
            return;
        }
        json.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    /** Writes the data of an event: JSON as it is, any other text as a string, {@code null} if there is none. */
    static void data(StringBuilder json, String data) {
        if (data != null && isValue(data)) {
            json.append(data);
        } else {
            string(json, data);
        }
    }

    /** True if a text is one JSON value with nothing but white space around it. The depth of nesting is not limited. */
    static boolean isValue(String text) {
        return new Json(text).isOneValue();
    }

    private boolean isOneValue() {
        // One bit for each open bracket: true for that of an object.
        BitSet objects = new BitSet();
        int depth = 0;
        while (true) {
            skipSpace();
            if (next('{') || next('[')) {
                boolean object = text.charAt(at - 1) == '{';
                objects.set(depth++, object);
                skipSpace();
                if (next(object ? '}' : ']')) {
                    depth--;
                } else if (object && !name()) {
                    return false;
                } else {
                    continue;
                }
            } else if (!scalar()) {
                return false;
            }
            while (true) {
                skipSpace();
                if (depth == 0) {
                    return at == text.length();
                }
                boolean inObject = objects.get(depth - 1);
                if (next(',')) {
                    skipSpace();
                    if (inObject && !name()) {
                        return false;
                    }
                    break;
                }
                if (!next(inObject ? '}' : ']')) {
                    return false;
                }
                depth--;
            }
        }
    }

    private boolean name() {
        if (!quoted()) {
            return false;
        }
        skipSpace();
        return next(':');
    }

    private boolean scalar() {
        char first = peek();
        if (first == '"') {
            return quoted();
        }
        return first == '-' || isDigit(first) ? number() : word("true") || word("false") || word("null");
    }

    private boolean quoted() {
        if (!next('"')) {
            return false;
        }
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return true;
            }
            if (c < ' ' || c == '\\' && !escape()) {
                return false;
            }
        }
        return false;
    }

    private boolean escape() {
        if (next('u')) {
            for (int end = at + HEX_DIGITS; at < end; at++) {
                if ("0123456789abcdefABCDEF".indexOf(peek()) < 0) {
                    return false;
                }
            }
            return true;
        }
        boolean known = "\"\\/bfnrt".indexOf(peek()) >= 0;
        at++;
        return known;
    }

    private boolean number() {
        next('-');
        if (!next('0') && !digits() || next('.') && !digits()) {
            return false;
        }
        if (next('e') || next('E')) {
            if (!next('+')) {
                next('-');
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int start = at;
        while (isDigit(peek())) {
            at++;
        }
        return at > start;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private boolean word(String word) {
        boolean found = text.startsWith(word, at);
        at += found ? word.length() : 0;
        return found;
    }

    private void skipSpace() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
            at++;
        }
    }

    private boolean next(char c) {
        boolean found = peek() == c;
        at += found ? 1 : 0;
        return found;
    }

    /** The next character; at the end U+FFFF, which JSON allows in strings only. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\uffff';
    }
}
