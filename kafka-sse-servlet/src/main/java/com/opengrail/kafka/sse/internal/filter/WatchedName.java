package com.opengrail.kafka.sse.internal.filter;

import java.util.function.BooleanSupplier;

/**
 * A name whose comparison with an expression can be given up. RE2/J reads a name character by character, so the name itself
 * can end that.
 *
 * <p>Threads: not safe; lives for one comparison.
 */
final class WatchedName implements CharSequence {
    /** With the largest expression that a client may send, so many characters take about a fifth of a millisecond. */
    private static final int CHARACTERS_PER_LOOK = 128;

    private final String name;
    private final BooleanSupplier givesUp;
    private int read;

    WatchedName(String name, BooleanSupplier givesUp) {
        this.name = name;
        this.givesUp = givesUp;
    }

    /**
     * A character.
     *
     * @throws GaveUpException if it has taken too long to come that far
     */
    @Override
    public char charAt(int index) {
        if (++read % CHARACTERS_PER_LOOK == 0 && givesUp.getAsBoolean()) {
            throw new GaveUpException();
        }
        return name.charAt(index);
    }

    @Override
    public int length() {
        return name.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return name.subSequence(start, end);
    }

    @Override
    public String toString() {
        return name;
    }
}
