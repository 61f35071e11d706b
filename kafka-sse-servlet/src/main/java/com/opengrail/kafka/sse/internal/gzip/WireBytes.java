package com.opengrail.kafka.sse.internal.gzip;

/**
 * The bytes of one write to a client: contiguous shared bytes without a copy, or else copies in an array of its own.
 * Bytes that have been handed out never change, so a container may hold them after {@link #clear}.
 *
 * <p>Threads: not safe; belongs to the holder of the client.
 */
public final class WireBytes {
    /** The length of a stored block is a number of 16 bits. */
    private static final int STORED_MAX_BYTES = 0xFFFF;

    private static final int STORED_HEADER_BYTES = 5;
    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int from;
    private int length;

    /** True if nobody else uses the array. */
    private boolean isOwn;

    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int length() {
        return length;
    }

    public void clear() {
        bytes = NONE;
        from = 0;
        length = 0;
        isOwn = false;
    }

    /** Adds shared bytes, which nobody changes. */
    void add(byte[] shared, int start, int size) {
        if (length == 0) {
            bytes = shared;
            from = start;
            length = size;
            isOwn = false;
        } else if (!isOwn && bytes == shared && start == from + length) {
            length += size;
        } else {
            makeRoom(size);
            put(shared, start, size);
        }
    }

    /**
     * Adds plain bytes as stored blocks, none of them the last of the stream, and an empty one as after a sync flush: Go's
     * decoder keeps a stored block until it has seen the header of the next, unless that is empty.
     */
    void addStored(byte[] plain, int start, int size) {
        makeRoom(storedLength(size));
        for (int done = 0; done < size; done += STORED_MAX_BYTES) {
            int block = Math.min(STORED_MAX_BYTES, size - done);
            addStoredHeader(block);
            put(plain, start + done, block);
        }
        addStoredHeader(0);
    }

    private void addStoredHeader(int size) {
        bytes[length++] = 0;
        addLittleEndian(size, 2);
        addLittleEndian(~size, 2);
    }

    /** Adds the lowest bytes of a number. {@link #makeRoom} has been called for them. */
    void addLittleEndian(int value, int size) {
        for (int i = 0; i < size; i++) {
            bytes[length++] = (byte) (value >>> i * Byte.SIZE);
        }
    }

    void makeRoom(int more) {
        if (!isOwn || length + more > bytes.length) {
            byte[] larger = new byte[Math.max(length + more, 2 * length)];
            System.arraycopy(bytes, from, larger, 0, length);
            bytes = larger;
            from = 0;
            isOwn = true;
        }
    }

    /** Converts plain bytes into stored blocks that can be shared. */
    static byte[] stored(byte[] plain, int start, int size) {
        WireBytes stored = new WireBytes();
        stored.addStored(plain, start, size);
        return stored.bytes;
    }

    private static int storedLength(int size) {
        return size + STORED_HEADER_BYTES * (1 + (size + STORED_MAX_BYTES - 1) / STORED_MAX_BYTES);
    }

    private void put(byte[] source, int start, int size) {
        System.arraycopy(source, start, bytes, length, size);
        length += size;
    }
}
