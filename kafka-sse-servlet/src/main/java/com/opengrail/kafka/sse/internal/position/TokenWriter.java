package com.opengrail.kafka.sse.internal.position;

import java.io.ByteArrayOutputStream;

/** Packs values of any width into bytes, most significant bit first. */
final class TokenWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int current;
    private int free = 8;

    void put(long value, int bits) {
        for (int left = bits; left > 0; ) {
            int taken = Math.min(left, free);
            left -= taken;
            free -= taken;
            current |= (int) (value >>> left & (1 << taken) - 1) << free;
            if (free == 0) {
                bytes.write(current);
                current = 0;
                free = 8;
            }
        }
    }

    void putVarint(int value) {
        int rest = value;
        while (rest > 0x7F) {
            put(rest & 0x7F | 0x80, 8);
            rest >>>= 7;
        }
        put(rest, 8);
    }

    byte[] toByteArray() {
        if (free < 8) {
            bytes.write(current);
        }
        return bytes.toByteArray();
    }
}
