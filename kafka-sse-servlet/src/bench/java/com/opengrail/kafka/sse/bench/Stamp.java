package com.opengrail.kafka.sse.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * What each value of the benchmark begins with, in hexadecimal digits: lane, length of the value, number in the lane, and
 * when it was produced by {@link System#nanoTime()} of the one process that produces and receives.
 *
 * <p>Numbers count within a lane from 0; a client that follows a lane has to get them all in order.
 */
final class Stamp {
    static final int LANES = 4;

    private static final int LENGTH_AT = 2;
    private static final int NUMBER_AT = LENGTH_AT + 5 + 1;
    private static final int NANOS_AT = NUMBER_AT + 10 + 1;

    /** The bytes of a stamp, and the least that a value has. */
    static final int BYTES = NANOS_AT + 16 + 1;

    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

    /** The digits are replaced. */
    private static final byte[] TEXT =
            "{\"order\":00000000,\"customer\":\"c-00000\",\"amount\":0000.00,\"currency\":\"EUR\",\"state\":\"accepted\",\"items\":[{\"sku\":\"000000\",\"count\":0}]}"
                    .getBytes(US_ASCII);

    private Stamp() {}

    /** A value of so many bytes. */
    static byte[] value(int lane, long number, long nanos, int length) {
        if (length < BYTES || lane >= LANES) {
            throw new IllegalArgumentException("value of " + length + " bytes in lane " + lane + "; at least " + BYTES
                    + " bytes and a lane below " + LANES);
        }
        byte[] value = new byte[length];
        fill(value, number);
        put(value, 0, 2, lane);
        put(value, LENGTH_AT, 5, length);
        value[NUMBER_AT - 1] = ':';
        put(value, NUMBER_AT, 10, number);
        value[NANOS_AT - 1] = ':';
        put(value, NANOS_AT, 16, nanos);
        value[BYTES - 1] = ':';
        return value;
    }

    /** Text that compresses like events do: names that are always the same, and digits that are not. */
    private static void fill(byte[] value, long seed) {
        long state = seed * 0x9E3779B97F4A7C15L + 1;
        for (int i = BYTES; i < value.length; i++) {
            byte next = TEXT[(i - BYTES) % TEXT.length];
            if (next == '0') {
                state = state * 6364136223846793005L + 1442695040888963407L;
                next = (byte) ('0' + (state >>> 33) % 10);
            }
            value[i] = next;
        }
    }

    static int lane(byte[] bytes, int at) {
        return (int) hex(bytes, at, 2);
    }

    static int length(byte[] bytes, int at) {
        return (int) hex(bytes, at + LENGTH_AT, 5);
    }

    static long number(byte[] bytes, int at) {
        return hex(bytes, at + NUMBER_AT, 10);
    }

    static long nanos(byte[] bytes, int at) {
        return hex(bytes, at + NANOS_AT, 16);
    }

    private static void put(byte[] bytes, int at, int digits, long number) {
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            bytes[i] = HEX[(int) (rest & 15)];
            rest >>>= 4;
        }
    }

    /** Digits and lower-case letters alone are told apart: whatever else stands there gives a wrong number, which is noticed. */
    private static long hex(byte[] bytes, int at, int digits) {
        long number = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = bytes[i];
            number = number << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10) & 15;
        }
        return number;
    }
}
