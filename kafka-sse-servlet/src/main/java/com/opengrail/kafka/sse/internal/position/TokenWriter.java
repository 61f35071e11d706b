package com.opengrail.kafka.sse.internal.position;

/** Packs values of any width into bytes, most significant bit first. */
final class TokenWriter {
    private final byte[] bytes;
    private int length;

    /** The bits that do not fill a byte yet, and their number. */
    private long rest;

    private int restBits;

    /** A token of so many bytes. Those that are not written are zero. */
    TokenWriter(int size) {
        bytes = new byte[size];
    }

    void put(byte[] wholeBytes) {
        System.arraycopy(wholeBytes, 0, bytes, length, wholeBytes.length);
        length += wholeBytes.length;
    }

    void put(long value, int bits) {
        if (bits > Integer.SIZE) {
            put(value >>> Integer.SIZE, bits - Integer.SIZE);
            put(value, Integer.SIZE);
            return;
        }
        rest = rest << bits | value & (1L << bits) - 1;
        restBits += bits;
        while (restBits >= Byte.SIZE) {
            restBits -= Byte.SIZE;
            bytes[length++] = (byte) (rest >>> restBits);
        }
    }

    void putVarint(int value) {
        int left = value;
        while (left > 0x7F) {
            put(left & 0x7F | 0x80, Byte.SIZE);
            left >>>= 7;
        }
        put(left, Byte.SIZE);
    }

    /** The number of bytes of a value as a varint. */
    static int varintBytes(int value) {
        return Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(value) + 6) / 7);
    }

    byte[] toByteArray() {
        if (restBits > 0) {
            bytes[length] = (byte) (rest << Byte.SIZE - restBits);
        }
        return bytes;
    }
}
