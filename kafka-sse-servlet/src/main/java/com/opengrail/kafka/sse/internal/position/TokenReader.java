package com.opengrail.kafka.sse.internal.position;

/** Unpacks what {@link TokenWriter} packed, and refuses anything that it would not have packed. */
final class TokenReader {
    static final String REFUSAL = "is not an event id of this server";

    private final byte[] bytes;
    private long position;

    TokenReader(byte[] bytes) {
        this.bytes = bytes;
    }

    long get(int bits) {
        if (position + bits > bytes.length * 8L) {
            throw new IllegalArgumentException(REFUSAL);
        }
        long value = get(bytes, position, bits);
        position += bits;
        return value;
    }

    /** The number in some bits from one on. */
    static long get(byte[] bytes, long from, int bits) {
        long value = 0;
        long at = from;
        for (int left = bits; left > 0; ) {
            int used = (int) (at & 7);
            int taken = Math.min(left, 8 - used);
            int part = bytes[(int) (at >>> 3)] >>> 8 - used - taken & (1 << taken) - 1;
            value = value << taken | part;
            at += taken;
            left -= taken;
        }
        return value;
    }

    int getVarint() {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int next = (int) get(8);
            value |= (next & 0x7F) << shift;
            if (next < 0x80) {
                if (next == 0 && shift > 0) {
                    break;
                }
                return value;
            }
        }
        throw new IllegalArgumentException(REFUSAL);
    }

    /** The number of bytes after the current one. */
    long bytesLeft() {
        return bytes.length - (position + 7) / 8;
    }

    /**
     * Checks that exactly so many bits are left, and then zeros up to the end of the byte.
     *
     * @return the first of these bits
     */
    long requireExactly(long bits) {
        long end = position + bits;
        if ((end + 7) / 8 != bytes.length) {
            throw new IllegalArgumentException(REFUSAL);
        }
        int padding = (int) (bytes.length * 8L - end);
        if (bytes.length > 0 && (bytes[bytes.length - 1] & (1 << padding) - 1) != 0) {
            throw new IllegalArgumentException(REFUSAL);
        }
        return position;
    }
}
