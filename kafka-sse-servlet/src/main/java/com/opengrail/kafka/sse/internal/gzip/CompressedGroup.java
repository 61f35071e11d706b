package com.opengrail.kafka.sse.internal.gzip;

/**
 * The clients that get the same frames in the same order, as their compression sees them: the history that the next piece
 * may refer to, and where the last piece ended.
 *
 * <p>A piece is made by the first client that asks for bytes after the last one. It may refer to the history only if its
 * maker stands where the last piece ended and has decoded that much without interruption. The same then holds for every
 * client that stands at the piece with as much history, because all of them have taken the same frames. A client that is
 * behind, where the others made no pieces, makes some without history.
 *
 * <p>Threads: safe. The lock is held while one piece is made, so a client that needs the same piece waits for it. Nothing
 * is written to a client meanwhile.
 *
 * <p>Limits: 8 KB while there are pieces and none of the clients' own bytes after them; pieces of at most 16 KB, and none
 * when their memory is full. The group's owner drops it with its last client.
 */
public final class CompressedGroup {
    /** More hardly shortens the pieces. It takes longer to load, and a new client longer to collect. */
    static final int HISTORY_MAX_BYTES = 4096;

    private final Compressors compressors;
    private final PieceMemory memory;

    /** Guarded by this: the last bytes of the pieces, which end at an index of the array. */
    private byte[] tail;

    private int tailEnd;

    /** How many bytes before that index the next piece may refer to. */
    private int history;

    private boolean hasPieces;

    /** Where the last piece ended: the number of its run, and an index there. */
    private int lastRun;

    private int lastTo;

    /**
     * A group without clients.
     *
     * @param memory in which its pieces are counted
     */
    public CompressedGroup(Compressors compressors, PieceMemory memory) {
        this.compressors = compressors;
        this.memory = memory;
    }

    /**
     * Makes the run of the group's frames in a segment. The owner of the segment makes one and gives it to every client.
     *
     * @param segment the segment's number: one more, or several, for a later one
     */
    public CompressedRun newRun(long segment) {
        // Of the number as much as tells it from any other that a client may still hold.
        return new CompressedRun(this, (int) segment);
    }

    /**
     * Makes the piece that begins at an index, where no piece reached before.
     *
     * @param maker stands there
     * @return the piece, or one that was made meanwhile; {@code null} if another client has to make it, or nobody can
     */
    synchronized Piece make(CompressedRun run, byte[] bytes, int from, int to, GzipStream maker) {
        if (!run.endsBy(from)) {
            return run.startingAt(from);
        }
        if (memory.isFull() || run.isDropped()) {
            return null;
        }
        int end = Math.min(to, from + Compressors.PIECE_MAX_BYTES);
        if (isPassed(run)) {
            // Behind the others, whose history stays as it is. Much is waiting here, so that history would gain little.
            return piece(run, bytes, from, end, 0);
        }
        if (maker.history() < history) {
            return null;
        }
        if (!maker.isAt(this, lastRun, lastTo)) {
            // There may be frames between the last piece and this one.
            history = 0;
        }
        Piece piece = piece(run, bytes, from, end, history);
        remember(bytes, from, end);
        hasPieces = true;
        lastRun = run.number();
        lastTo = end;
        return piece;
    }

    /**
     * A client gets bytes of its own. If it has all of the history and stands at the end, then so do the others, and they are
     * about to get theirs: the next piece must not need what they lose.
     */
    synchronized void interrupted(GzipStream client) {
        if (client.history() >= history && client.isAt(this, lastRun, lastTo)) {
            history = 0;
            // The group may be silent for long.
            tail = null;
            tailEnd = 0;
        }
    }

    /** True if pieces have been made in a later run. The difference is right even where the numbers have overflowed. */
    private boolean isPassed(CompressedRun run) {
        return hasPieces && run.number() - lastRun < 0;
    }

    private Piece piece(CompressedRun run, byte[] bytes, int from, int to, int known) {
        int length = to - from;
        byte[] compressed = compressors.deflate(tail, tailEnd - known, known, bytes, from, to);
        byte[] blocks = compressed == null ? WireBytes.stored(bytes, from, length) : compressed;
        int needed = compressed == null ? 0 : known;
        int crc = Crc.of(bytes, from, length);
        long before = run.footprint();
        int wireFrom = run.keep(blocks);
        Piece piece = new Piece(from, to, needed, crc, Crc.operator(length), run.wire(), wireFrom, blocks.length);
        run.append(piece);
        memory.add(run.footprint() - before);
        return piece;
    }

    /** The owner of a run lets go of it: it gets no more pieces. Clients may still read those that there are. */
    synchronized void drop(CompressedRun run) {
        if (run.markDropped()) {
            memory.add(-run.footprint());
        }
    }

    private void remember(byte[] bytes, int from, int to) {
        if (tail == null) {
            tail = new byte[2 * HISTORY_MAX_BYTES];
        }
        int more = Math.min(to - from, HISTORY_MAX_BYTES);
        if (tailEnd + more > tail.length) {
            System.arraycopy(tail, tailEnd - history, tail, 0, history);
            tailEnd = history;
        }
        System.arraycopy(bytes, to - more, tail, tailEnd, more);
        tailEnd += more;
        history = Math.min(HISTORY_MAX_BYTES, history + more);
    }
}
