package com.opengrail.kafka.sse.internal.position;

import java.util.regex.Pattern;

/** Parses offsets that clients send. */
public final class Offsets {
    /** {@code Long.parseLong} takes a plus sign, a negative zero and the digits of all scripts too. */
    private static final Pattern DECIMAL = Pattern.compile("-1|[0-9]+");

    private Offsets() {}

    /**
     * Parses an offset in decimal.
     *
     * @param text what the client sent
     * @param lowest the lowest value allowed
     * @throws IllegalArgumentException if it is not a number from {@code lowest} to 2⁶³-2
     */
    public static long parse(String text, long lowest) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new IllegalArgumentException(range(lowest));
        }
        try {
            long offset = Long.parseLong(text);
            if (offset >= lowest && offset < Long.MAX_VALUE) {
                return offset;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(range(lowest), e);
        }
        throw new IllegalArgumentException(range(lowest));
    }

    private static String range(long lowest) {
        return "is not an offset from " + lowest + " to " + (Long.MAX_VALUE - 1);
    }
}
