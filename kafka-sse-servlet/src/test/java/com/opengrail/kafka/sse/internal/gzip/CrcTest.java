package com.opengrail.kafka.sse.internal.gzip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CrcTest {
    private static final int MAX_BYTES = 200_000;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @Test
    void shouldGiveTheCrcOfAllBytesFromThoseOfTheParts() {
        byte[] bytes = new byte[MAX_BYTES];
        random.nextBytes(bytes);
        int crc = 0;
        int end = 0;
        while (end < bytes.length) {
            int size = Math.min(bytes.length - end, random.nextInt(1 << random.nextInt(16)));
            crc = Crc.append(crc, Crc.of(bytes, end, size), Crc.operator(size));
            end += size;
            assertEquals(Crc.of(bytes, 0, end), crc, "seed " + seed + ", " + end + " bytes");
        }
    }

    @Test
    void shouldStayTheSameWhenNothingIsAppended() {
        int crc = random.nextInt();
        assertEquals(crc, Crc.append(crc, Crc.of(new byte[0], 0, 0), Crc.operator(0)), "seed " + seed);
    }

    @Test
    void shouldAppendAsManyBytesAsAnArrayHolds() {
        byte[] zeros = new byte[1 << 24];
        int expected = Crc.of(zeros, 0, zeros.length);
        int half = zeros.length / 2;
        assertEquals(expected, Crc.append(Crc.of(zeros, 0, half), Crc.of(zeros, half, half), Crc.operator(half)));
    }
}
