package com.opengrail.kafka.sse.internal.gzip;

import java.util.Arrays;

/**
 * Bytes for one write to a client: a shared piece as it is, or several things copied into an array of their own. The
 * array is never changed or used again after {@link #clear}, so a container may hold it.
 *
 * <p>Threads: not safe; filled and emptied by whoever writes to a client.
 */
public final class WireBytes {
    /** The length of a stored block is a number of 16 bits. */
    private static final int STORED_MAX_BYTES = 0xFFFF;

    private static final int STORED_HEADER_BYTES = 5;
    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int length;

    /** True if the array belongs to nobody else. */
    private boolean isOwn;

    /** The array; the bytes begin at index 0. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        bytes = NONE;
        length = 0;
        isOwn = false;
    }

    /** Adds all bytes of an array that nobody changes. */
    void add(byte[] shared) {
        if (length == 0) {
            bytes = shared;
            length = shared.length;
            isOwn = false;
        } else {
            makeRoom(shared.length);
            put(shared, 0, shared.length);
        }
    }

    /** Adds plain bytes as stored blocks, none of them the last of the stream. */
    void addStored(byte[] plain, int from, int size) {
        makeRoom(storedLength(size));
        for (int done = 0; done < size; done += STORED_MAX_BYTES) {
            int block = Math.min(STORED_MAX_BYTES, size - done);
            bytes[length++] = 0;
            addLittleEndian(block, 2);
            addLittleEndian(~block, 2);
            put(plain, from + done, block);
        }
    }

    /** Adds the lowest bytes of a number, for which {@link #makeRoom} was called. */
    void addLittleEndian(int value, int size) {
        for (int i = 0; i < size; i++) {
            bytes[length++] = (byte) (value >>> i * Byte.SIZE);
        }
    }

    void makeRoom(int more) {
        if (!isOwn || length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, length == 0 ? 0 : 2 * length));
            isOwn = true;
        }
    }

    /** Plain bytes as stored blocks that can be shared. */
    static byte[] stored(byte[] plain, int from, int size) {
        WireBytes stored = new WireBytes();
        stored.addStored(plain, from, size);
        return stored.bytes;
    }

    private static int storedLength(int size) {
        return size + STORED_HEADER_BYTES * ((size + STORED_MAX_BYTES - 1) / STORED_MAX_BYTES);
    }

    private void put(byte[] source, int from, int size) {
        System.arraycopy(source, from, bytes, length, size);
        length += size;
    }
}
