package com.opengrail.kafka.sse.internal.gzip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CompressorsTest {
    private static final byte[] PLAIN = "data: the same, the same, the same\n\n".getBytes(UTF_8);
    private static final byte[] NONE = {};
    private static final int THREADS = 4;
    private static final int ROUNDS = 200;

    @Test
    void shouldUseOneCompressorForOnePieceAfterTheOther() {
        try (Compressors compressors = new Compressors(THREADS)) {
            for (int i = 0; i < THREADS; i++) {
                assertTrue(deflate(compressors).length < PLAIN.length);
            }
            assertEquals(1, compressors.open());
        }
    }

    @Test
    void shouldRememberNothingOfThePieceBefore() {
        try (Compressors compressors = new Compressors(1)) {
            assertArrayEquals(deflate(compressors), deflate(compressors));
        }
    }

    @Test
    void shouldNotKeepAPieceInMemory() {
        try (Compressors compressors = new Compressors(1)) {
            WeakReference<byte[]> piece = deflateCopy(compressors);
            assertEquals(1, compressors.open());
            System.gc();
            assertTrue(piece.refersTo(null));
        }
    }

    private static WeakReference<byte[]> deflateCopy(Compressors compressors) {
        byte[] piece = PLAIN.clone();
        assertNotNull(compressors.deflate(piece, 0, 0, piece, 0, piece.length));
        return new WeakReference<>(piece);
    }

    @Test
    void shouldReferToTheHistory() {
        try (Compressors compressors = new Compressors(1)) {
            int without = deflate(compressors).length;
            byte[] with = compressors.deflate(PLAIN, 0, PLAIN.length, PLAIN, 0, PLAIN.length);
            assertTrue(with.length < without, with.length + " bytes with history, " + without + " without");
        }
    }

    @Test
    void shouldLeaveAPieceUncompressedWhenAllCompressorsAreInUse() {
        try (Compressors compressors = new Compressors(0)) {
            assertNull(deflate(compressors));
        }
    }

    @Test
    void shouldLeaveAPieceUncompressedThatWouldNotBeShorter() {
        byte[] noise = new byte[1000];
        new Random(1).nextBytes(noise);
        try (Compressors compressors = new Compressors(1)) {
            assertNull(compressors.deflate(NONE, 0, 0, noise, 0, noise.length));
            assertNull(compressors.deflate(NONE, 0, 0, PLAIN, 0, 1));
            assertNotNull(deflate(compressors));
        }
    }

    @Test
    void shouldEndACompressorThatFailed() {
        try (Compressors compressors = new Compressors(1)) {
            assertThrows(
                    IndexOutOfBoundsException.class, () -> compressors.deflate(NONE, 0, 0, PLAIN, 0, PLAIN.length + 1));
            assertEquals(0, compressors.open());
            assertNotNull(deflate(compressors));
        }
    }

    @Test
    void shouldLendNothingOnceClosed() {
        Compressors compressors = new Compressors(1);
        deflate(compressors);
        compressors.close();
        compressors.close();
        assertEquals(0, compressors.open());
        assertNull(deflate(compressors));
    }

    @Test
    void shouldEndAllCompressorsWhenClosedWhileTheyAreAtWork() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Compressors compressors = new Compressors(THREADS - 1);
                CyclicBarrier start = new CyclicBarrier(THREADS + 1);
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    all.add(threads.submit(() -> {
                        start.await();
                        deflate(compressors);
                        assertTrue(compressors.open() < THREADS);
                        return deflate(compressors);
                    }));
                }
                all.add(threads.submit(() -> {
                    start.await();
                    compressors.close();
                    return null;
                }));
                for (Future<?> each : all) {
                    each.get(30, TimeUnit.SECONDS);
                }
                assertEquals(0, compressors.open());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static byte[] deflate(Compressors compressors) {
        return compressors.deflate(NONE, 0, 0, PLAIN, 0, PLAIN.length);
    }
}
