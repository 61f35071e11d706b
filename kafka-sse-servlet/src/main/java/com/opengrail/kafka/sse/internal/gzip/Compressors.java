package com.opengrail.kafka.sse.internal.gzip;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.zip.Deflater;

/**
 * A pool of compressors, each lent for one piece. No compressor keeps anything from one piece to the next.
 *
 * <p>Threads: safe. The lock is held to take or to return a compressor, never while one is at work.
 *
 * <p>Limits: at most a given number of compressors, with 268 KB of native memory each. If all are at work, or the pool
 * is closed, a piece stays uncompressed. {@link #close} ends the idle ones; one at work is ended when it is returned.
 */
public final class Compressors implements AutoCloseable {
    /** The most plain bytes of one piece. It bounds the time for which other clients wait for the piece. */
    static final int PIECE_MAX_BYTES = 16 * 1024;

    private static final int LEVEL = 6;

    private final int most;

    /** Guarded by this. */
    private final Deque<Compressor> idle = new ArrayDeque<>();

    private int open;
    private boolean isClosed;

    public Compressors(int most) {
        this.most = most;
    }

    /**
     * Compresses plain bytes into blocks that end on a byte boundary.
     *
     * @param history the array with the bytes that every client has decoded before
     * @return the blocks; {@code null} if they would not be shorter or no compressor is free
     */
    byte[] deflate(byte[] history, int historyFrom, int historyLength, byte[] plain, int from, int to) {
        Compressor compressor = take();
        if (compressor == null) {
            return null;
        }
        boolean isSound = false;
        try {
            byte[] blocks = compressor.deflate(history, historyFrom, historyLength, plain, from, to - from);
            isSound = true;
            return blocks;
        } finally {
            giveBack(compressor, isSound);
        }
    }

    /** The number of compressors, idle and at work. */
    public synchronized int open() {
        return open;
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        idle.forEach(Compressor::end);
        open -= idle.size();
        idle.clear();
    }

    private synchronized Compressor take() {
        if (isClosed) {
            return null;
        }
        Compressor free = idle.poll();
        if (free == null && open < most) {
            free = new Compressor();
            open++;
        }
        return free;
    }

    private synchronized void giveBack(Compressor compressor, boolean isSound) {
        if (isSound && !isClosed) {
            idle.push(compressor);
        } else {
            compressor.end();
            open--;
        }
    }

    /** Belongs to the thread that took it. */
    private static final class Compressor {
        private final Deflater deflater = new Deflater(LEVEL, true);
        private final byte[] output = new byte[PIECE_MAX_BYTES];

        byte[] deflate(byte[] history, int historyFrom, int historyLength, byte[] plain, int from, int length) {
            if (historyLength > 0) {
                deflater.setDictionary(history, historyFrom, historyLength);
            }
            deflater.setInput(plain, from, length);
            int made = deflater.deflate(output, 0, length, Deflater.SYNC_FLUSH);
            // An idle one is not to keep what it has compressed in memory.
            deflater.reset();
            // A full output may be incomplete. It would be no shorter than the plain bytes anyway.
            return made == length ? null : Arrays.copyOf(output, made);
        }

        void end() {
            deflater.end();
        }
    }
}
