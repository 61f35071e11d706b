package com.opengrail.kafka.sse.internal.gzip;

import java.util.zip.CRC32;

/**
 * One client's gzip member (RFC 1952): how much of it has been written, and which shared pieces the client can decode.
 * After each call the client can decode everything that was added so far.
 *
 * <p>All bytes for the client pass through its stream. It takes the frames of a group in order and leaves none out. All
 * other bytes are private to the client.
 *
 * <p>Threads: not safe; belongs to the holder of the client, one thread at a time.
 *
 * <p>Limits: 56 bytes of heap. It refers to its group, but to no run, piece or segment.
 */
public final class GzipStream {
    /** Deflate, no flags, no time, an unknown system. */
    private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};

    /** The last block, without content, in fixed Huffman codes: the shortest there is. */
    private static final int LAST_BLOCK = 3;

    private static final int TRAILER_BYTES = 10;

    /** Where the client stands: the group, the run and the index where the bytes taken last have ended. */
    private CompressedGroup group;

    private int run;
    private int index;

    /** How many bytes of the group's frames it has decoded without interruption, counted up to the longest history. */
    private int history;

    /** Of all bytes decoded so far. */
    private final CRC32 crc = new CRC32();

    /** Their number, modulo 2^32. */
    private int length;

    private boolean isStarted;

    /**
     * Takes a range of the group's frames in a segment: as shared pieces where the client can decode them, else as
     * stored blocks.
     */
    public void take(CompressedRun of, byte[] bytes, int from, int to, WireBytes out) {
        start(out);
        if (group != of.group()) {
            history = 0;
        }
        int at = from;
        while (at < to) {
            Piece piece = usablePiece(of, bytes, at, to);
            int next = piece == null ? of.boundAfter(at, to) : piece.to();
            if (piece == null) {
                out.addStored(bytes, at, next - at);
            } else {
                out.add(piece.wire(), piece.wireFrom(), piece.wireLength());
            }
            count(bytes, at, next - at);
            moveTo(of, next);
            history = Math.min(CompressedGroup.HISTORY_MAX_BYTES, history + next - at);
            at = next;
        }
    }

    /** Takes bytes that are private to the client. */
    public void takePrivate(byte[] bytes, int from, int size, WireBytes out) {
        start(out);
        if (history > 0) {
            group.interrupted(this);
            history = 0;
            // An idle client must not keep the group of a replay in memory.
            group = null;
        }
        store(bytes, from, size, out);
    }

    /** Takes the last private bytes, possibly none, and ends the stream. Nothing may be taken afterwards. */
    public void end(byte[] bytes, int from, int size, WireBytes out) {
        start(out);
        store(bytes, from, size, out);
        out.makeRoom(TRAILER_BYTES);
        out.addLittleEndian(LAST_BLOCK, 2);
        out.addLittleEndian((int) crc.getValue(), Integer.BYTES);
        out.addLittleEndian(length, Integer.BYTES);
    }

    int history() {
        return history;
    }

    boolean isAt(CompressedGroup of, int inRun, int at) {
        return group == of && run == inRun && index == at;
    }

    private void moveTo(CompressedRun in, int at) {
        group = in.group();
        run = in.number();
        index = at;
    }

    private void start(WireBytes out) {
        if (!isStarted) {
            isStarted = true;
            out.add(HEADER, 0, HEADER.length);
        }
    }

    private Piece usablePiece(CompressedRun of, byte[] bytes, int at, int to) {
        Piece piece = of.startingAt(at);
        if (piece == null && of.endsBy(at)) {
            piece = of.group().make(of, bytes, at, to, this);
        }
        return piece != null && piece.to() <= to && piece.history() <= history ? piece : null;
    }

    private void store(byte[] bytes, int from, int size, WireBytes out) {
        out.addStored(bytes, from, size);
        count(bytes, from, size);
    }

    private void count(byte[] bytes, int from, int size) {
        crc.update(bytes, from, size);
        length += size;
    }
}
