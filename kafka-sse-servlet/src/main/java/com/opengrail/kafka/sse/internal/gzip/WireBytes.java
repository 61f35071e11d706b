package com.opengrail.kafka.sse.internal.gzip;

/**
 * Bytes for one write to a client: shared ones that lie contiguous, as they are, else copies in an array of their own. What
 * has been handed out is never changed, so a container may hold it after {@link #clear}.
 *
 * <p>Threads: not safe; filled and emptied by whoever writes to a client.
 */
public final class WireBytes {
    /** The length of a stored block is a number of 16 bits. */
    private static final int STORED_MAX_BYTES = 0xFFFF;

    private static final int STORED_HEADER_BYTES = 5;
    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int from;
    private int length;

    /** True if the array belongs to nobody else. */
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

    /** Adds bytes that nobody changes. */
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

    /** Adds plain bytes as stored blocks, none of them the last of the stream. */
    void addStored(byte[] plain, int start, int size) {
        makeRoom(storedLength(size));
        for (int done = 0; done < size; done += STORED_MAX_BYTES) {
            int block = Math.min(STORED_MAX_BYTES, size - done);
            bytes[length++] = 0;
            addLittleEndian(block, 2);
            addLittleEndian(~block, 2);
            put(plain, start + done, block);
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
            byte[] larger = new byte[Math.max(length + more, 2 * length)];
            System.arraycopy(bytes, from, larger, 0, length);
            bytes = larger;
            from = 0;
            isOwn = true;
        }
    }

    /** Plain bytes as stored blocks that can be shared. */
    static byte[] stored(byte[] plain, int start, int size) {
        WireBytes stored = new WireBytes();
        stored.addStored(plain, start, size);
        return stored.bytes;
    }

    private static int storedLength(int size) {
        return size + STORED_HEADER_BYTES * ((size + STORED_MAX_BYTES - 1) / STORED_MAX_BYTES);
    }

    private void put(byte[] source, int start, int size) {
        System.arraycopy(source, start, bytes, length, size);
        length += size;
    }
}
