package com.opengrail.kafka.sse.internal.position;

/** Offsets as strangers write them. */
public final class Offsets {
    private Offsets() {}

    /**
     * An offset in decimal.
     *
     * @param text what was given
     * @param lowest the lowest value allowed
     * @throws IllegalArgumentException if it is no number or outside lowest … 2⁶³-2
     */
    public static long parse(String text, long lowest) {
        try {
            long offset = Long.parseLong(text);
            if (offset >= lowest && offset < Long.MAX_VALUE && text.charAt(0) != '+') {
                return offset;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(range(lowest), e);
        }
        throw new IllegalArgumentException(range(lowest));
    }

    private static String range(long lowest) {
        return "is no offset from " + lowest + " to " + (Long.MAX_VALUE - 1);
    }
}
