package com.opengrail.kafka.sse.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Checks and changes UTF-8 as bytes. Plain ASCII, which is the usual case, is examined eight bytes at a time. */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long ONES = 0x0101010101010101L;
    private static final long LINE_FEEDS = ONES * '\n';
    private static final long CARRIAGE_RETURNS = ONES * '\r';

    private Utf8() {}

    /** The index of the first byte that is not ASCII or ends a line, or the length. */
    static int plainPrefix(byte[] bytes) {
        int i = 0;
        // In a plain loop up to a fixed bound, the compiler can leave out the checks of the index.
        for (int wholeWords = bytes.length - (Long.BYTES - 1); i < wholeWords; i += Long.BYTES) {
            long word = (long) LONGS.get(bytes, i);
            if ((word & HIGH_BITS | lineEnds(word)) != 0) {
                break;
            }
        }
        while (i < bytes.length && bytes[i] >= 0 && bytes[i] != '\n' && bytes[i] != '\r') {
            i++;
        }
        return i;
    }

    /** The bytes themselves if they are well-formed UTF-8, else a copy with U+FFFD for everything malformed. */
    static byte[] wellFormed(byte[] bytes) {
        byte[] decodedAndEncoded = new String(bytes, UTF_8).getBytes(UTF_8);
        return Arrays.equals(bytes, decodedAndEncoded) ? bytes : decodedAndEncoded;
    }

    /** A name as the stream has it: well-formed, in one line. The bytes themselves if they are that. */
    static byte[] name(byte[] bytes) {
        return oneLine(plainPrefix(bytes) == bytes.length ? bytes : wellFormed(bytes));
    }

    /** The bytes themselves if none is CR, LF or NUL, else a copy with a space instead of each. */
    private static byte[] oneLine(byte[] bytes) {
        byte[] line = bytes;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == 0) {
                line = line == bytes ? bytes.clone() : line;
                line[i] = ' ';
            }
        }
        return line;
    }

    /** The index of the first CR or LF at or after an index, or the length. */
    static int lineEnd(byte[] bytes, int from) {
        int i = from;
        for (int wholeWords = bytes.length - (Long.BYTES - 1); i < wholeWords; i += Long.BYTES) {
            if (lineEnds((long) LONGS.get(bytes, i)) != 0) {
                break;
            }
        }
        while (i < bytes.length && bytes[i] != '\n' && bytes[i] != '\r') {
            i++;
        }
        return i;
    }

    /** Not zero if one of the bytes is CR or LF. */
    private static long lineEnds(long word) {
        return zeroByte(word ^ LINE_FEEDS) | zeroByte(word ^ CARRIAGE_RETURNS);
    }

    private static long zeroByte(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }
}
