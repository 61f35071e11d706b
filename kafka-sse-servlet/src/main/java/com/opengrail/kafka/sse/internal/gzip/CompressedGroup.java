package com.opengrail.kafka.sse.internal.gzip;

/**
 * The state of compression that clients share if they get the same frames in the same order: the history that the next
 * piece may refer to, and where the last piece ended.
 *
 * <p>The first client that asks for bytes after the last piece makes the next one. The piece may refer to the history
 * only if its maker stands where the last piece ended and has decoded that much without interruption. The same is then
 * true of every client that stands at the piece with as much history, because all of them have taken the same frames. A
 * client that is behind makes pieces without history where the others have made none.
 *
 * <p>Threads: safe. The lock is held while one piece is made, so a client that needs the same piece waits for it.
 * Nothing is written to a client meanwhile.
 *
 * <p>Limits: 8 KB for the history, which is dropped when a client gets bytes of its own, with the last client, and with
 * the run that it comes from. Pieces of at most 16 KB, and no more runs and pieces when their memory is full.
 */
public final class CompressedGroup {
    /**
     * A longer history hardly shortens the pieces. It takes longer to load, and a new client takes longer to collect
     * it.
     */
    static final int HISTORY_MAX_BYTES = 4096;

    private static final int TAIL_BYTES = 2 * HISTORY_MAX_BYTES;

    /** Of a group without its history. */
    private static final int FOOTPRINT_BYTES = 100;

    private final Compressors compressors;
    private final ByteBudget memory;

    /** Of a group in one segment: its memory without history and pieces. Others have a client, whose memory it is: 0. */
    private final long ownBytes;

    /** Guarded by this: the last bytes of the pieces, up to {@code tailEnd}. */
    private byte[] tail;

    private int tailEnd;

    /** How many bytes before {@code tailEnd} the next piece may refer to. */
    private int history;

    private boolean hasPieces;

    /** Where the last piece ended: the number of its run, and an index there. */
    private int lastRun;

    private int lastTo;

    private CompressedGroup(Compressors compressors, ByteBudget memory, long ownBytes) {
        this.compressors = compressors;
        this.memory = memory;
        this.ownBytes = ownBytes;
    }

    /** A group that lasts as long as its clients. Its runs and pieces are counted in a memory. */
    public static CompressedGroup ofClients(Compressors compressors, ByteBudget memory) {
        return new CompressedGroup(compressors, memory, 0);
    }

    /**
     * A group in one segment, which lasts as long as the segment, whether its clients are still there or not.
     *
     * @param memory counts the memory of the group too
     * @param keyBytes the memory of what the segment knows the group by
     */
    public static CompressedGroup ofSegment(Compressors compressors, ByteBudget memory, int keyBytes) {
        return new CompressedGroup(compressors, memory, FOOTPRINT_BYTES + keyBytes);
    }

    /**
     * Makes the run of the group's frames in a segment. The owner of the segment makes one and gives it to every
     * client.
     *
     * @param segment the segment's number, which is larger for a later segment
     * @param end where the segment ends, if nothing is appended to it and the group has no other
     * @return {@code null} if the memory is full
     */
    public CompressedRun newRun(long segment, int end) {
        if (memory.isFull()) {
            return null;
        }
        // The lowest 32 bits tell it from any other run that a client may still know.
        CompressedRun run = new CompressedRun(this, (int) segment, end, ownBytes + CompressedRun.FOOTPRINT_BYTES);
        memory.add(run.footprint());
        return run;
    }

    /**
     * Makes the piece that begins at an index, beyond all pieces so far.
     *
     * @param maker the stream of the client, which stands at that index
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
            // The maker is behind the others, whose history must not change. It has much to read, so history would gain
            // little.
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
        if (end == run.end()) {
            forgetHistory();
        }
        return piece;
    }

    /**
     * Called when a client gets bytes of its own. If it has all of the history and stands at the end, then so do the
     * others, and they are about to get such bytes too. So the next piece must not need the history.
     */
    synchronized void interrupted(GzipStream client) {
        if (client.history() >= history && client.isAt(this, lastRun, lastTo)) {
            // No frame may come for long.
            forgetHistory();
        }
    }

    /** Frees the memory of the history. The next piece does without. */
    public synchronized void forgetHistory() {
        if (tail != null && ownBytes > 0) {
            memory.release(TAIL_BYTES);
        }
        history = 0;
        tail = null;
        tailEnd = 0;
    }

    /** True if pieces have been made in a later run. The difference is right even after an overflow of the numbers. */
    private boolean isPassed(CompressedRun run) {
        return hasPieces && run.number() - lastRun < 0;
    }

    private Piece piece(CompressedRun run, byte[] bytes, int from, int to, int known) {
        int length = to - from;
        byte[] compressed = compressors.deflate(tail, tailEnd - known, known, bytes, from, to);
        byte[] blocks = compressed == null ? WireBytes.stored(bytes, from, length) : compressed;
        int needed = compressed == null ? 0 : known;
        long before = run.footprint();
        int wireFrom = run.keep(blocks);
        Piece piece = new Piece(from, to, needed, run.wire(), wireFrom, blocks.length);
        run.append(piece);
        memory.add(run.footprint() - before);
        return piece;
    }

    /** The owner of a run lets go of it. It gets no more pieces; clients may still read the existing ones. */
    synchronized void drop(CompressedRun run) {
        if (run.markDropped()) {
            memory.release(run.footprint());
            if (run.number() == lastRun) {
                forgetHistory();
            }
        }
    }

    private void remember(byte[] bytes, int from, int to) {
        if (tail == null) {
            tail = new byte[TAIL_BYTES];
            memory.add(ownBytes > 0 ? TAIL_BYTES : 0);
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
