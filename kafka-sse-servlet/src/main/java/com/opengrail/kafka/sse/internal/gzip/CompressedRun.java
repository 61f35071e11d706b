package com.opengrail.kafka.sse.internal.gzip;

import java.util.Arrays;

/**
 * The compressed frames of one group in one segment: an ordered list of pieces that do not overlap. There may be frames
 * between two pieces; clients take these as stored blocks.
 *
 * <p>Threads: safe. {@link CompressedGroup} appends under its lock; any thread reads without one.
 *
 * <p>Limits: it lives as long as its segment. {@link ByteBudget} counts its {@link #footprint}.
 */
public final class CompressedRun {
    /** Of a run without pieces, and of the segment's reference to it. */
    static final int FOOTPRINT_BYTES = 200;

    private static final int INITIAL_PIECES = 8;
    private static final int ARRAY_MIN_BYTES = 256;
    private static final int ARRAY_MAX_BYTES = 4096;

    private final CompressedGroup group;
    private final int number;
    private final int end;

    /**
     * Written under the group's lock. A reader reads the count first: an array replaced later holds at least as many.
     */
    private volatile Piece[] pieces = new Piece[INITIAL_PIECES];

    private volatile int count;
    private volatile long footprint;

    /** Of the run without its pieces. */
    private final long ownBytes;

    /** Written under the group's lock: the blocks of pieces, contiguous, so that one write can take several. */
    private byte[] wire = {};

    private int wireEnd;
    private long arrayBytes;
    private boolean isDropped;

    CompressedRun(CompressedGroup group, int number, int end, long ownBytes) {
        this.group = group;
        this.number = number;
        this.end = end;
        this.ownBytes = ownBytes;
        this.footprint = ownBytes;
    }

    CompressedGroup group() {
        return group;
    }

    int number() {
        return number;
    }

    /** After a piece that ends here the group makes no other. */
    int end() {
        return end;
    }

    /** The memory of the run with its pieces, in bytes. */
    public long footprint() {
        return footprint;
    }

    public void drop() {
        group.drop(this);
    }

    /** Called with the group's lock held; true for the first caller. */
    boolean markDropped() {
        boolean isFirst = !isDropped;
        isDropped = true;
        return isFirst;
    }

    /** Called with the group's lock held. */
    boolean isDropped() {
        return isDropped;
    }

    /** The piece that begins at an index of the segment, or {@code null}. */
    Piece startingAt(int index) {
        int known = count;
        Piece[] of = pieces;
        int before = lastFrom(index, of, known);
        return before >= 0 && of[before].from() == index ? of[before] : null;
    }

    /** True if no piece reaches beyond an index. */
    boolean endsBy(int index) {
        int known = count;
        return known == 0 || pieces[known - 1].to() <= index;
    }

    /** The first index after a given one at which a piece begins or ends, but at most the limit. */
    int boundAfter(int index, int limit) {
        int known = count;
        Piece[] of = pieces;
        int before = lastFrom(index, of, known);
        if (before >= 0 && index < of[before].to()) {
            return Math.min(limit, of[before].to());
        }
        return before + 1 < known ? Math.min(limit, of[before + 1].from()) : limit;
    }

    /** Keeps blocks in {@link #wire}, and returns the index where they begin. Called with the group's lock held. */
    int keep(byte[] blocks) {
        if (wireEnd + blocks.length > wire.length) {
            int size = Math.min(ARRAY_MAX_BYTES, Math.max(ARRAY_MIN_BYTES, 2 * wire.length));
            wire = new byte[Math.max(size, blocks.length)];
            wireEnd = 0;
            arrayBytes += wire.length;
        }
        System.arraycopy(blocks, 0, wire, wireEnd, blocks.length);
        wireEnd += blocks.length;
        return wireEnd - blocks.length;
    }

    /** The array that holds the blocks kept last. Called with the group's lock held. */
    byte[] wire() {
        return wire;
    }

    /** Called with the group's lock held. */
    void append(Piece piece) {
        int known = count;
        if (known == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * known);
        }
        pieces[known] = piece;
        footprint = ownBytes + arrayBytes + (known + 1L) * Piece.FOOTPRINT_BYTES;
        count = known + 1;
    }

    /** The index of the last known piece that begins at or before a given index; -1 if there is none. */
    private static int lastFrom(int index, Piece[] of, int known) {
        int low = 0;
        int high = known - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (of[middle].from() <= index) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }
}
