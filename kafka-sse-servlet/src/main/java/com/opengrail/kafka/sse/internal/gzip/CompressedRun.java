package com.opengrail.kafka.sse.internal.gzip;

import java.util.Arrays;

/**
 * The frames of one group in one segment, as far as they have been compressed: a list of pieces, in order, that share no
 * byte. There may be frames between two pieces; clients take these as stored blocks.
 *
 * <p>Threads: safe. {@link CompressedGroup} appends under its lock; any thread reads without one.
 *
 * <p>Limits: it lives as long as its segment, whose owner holds it and counts its {@link #footprint}.
 */
public final class CompressedRun {
    private static final int INITIAL_PIECES = 8;

    private final CompressedGroup group;
    private final int number;

    /** Written under the group's lock. A reader reads the count first: an array replaced later holds at least as many. */
    private volatile Piece[] pieces = new Piece[INITIAL_PIECES];

    private volatile int count;
    private volatile long pieceBytes;

    CompressedRun(CompressedGroup group, int number) {
        this.group = group;
        this.number = number;
    }

    CompressedGroup group() {
        return group;
    }

    int number() {
        return number;
    }

    /** What the pieces occupy, in bytes. */
    public long footprint() {
        return pieceBytes;
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

    /** The first index after another one at which a piece begins or ends; a limit if there is none before it. */
    int boundAfter(int index, int limit) {
        int known = count;
        Piece[] of = pieces;
        int before = lastFrom(index, of, known);
        if (before >= 0 && index < of[before].to()) {
            return Math.min(limit, of[before].to());
        }
        return before + 1 < known ? Math.min(limit, of[before + 1].from()) : limit;
    }

    /** Called with the group's lock held. */
    void append(Piece piece) {
        if (count == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * count);
        }
        pieces[count] = piece;
        pieceBytes += piece.footprint();
        count++;
    }

    /** The last of the known pieces that begins at an index or before it; -1 if there is none. */
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
