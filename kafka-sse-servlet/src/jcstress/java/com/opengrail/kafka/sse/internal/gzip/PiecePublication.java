package com.opengrail.kafka.sse.internal.gzip;

import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A client that looks for a piece against another one that appends it, while the list of pieces and their array grow.
 * Forbidden: that the client sees the piece, and not the whole of it and of those before.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "before the piece")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "after it, all pieces whole")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "a piece that can be found and is not whole")
@State
public class PiecePublication {
    /** A run's list has room for so many at first, and its array for three of them. */
    private static final int PIECES = 8;

    private static final int PIECE_BYTES = 80;

    private final CompressedRun run = new CompressedRun(null, 0, Integer.MAX_VALUE, 0);

    public PiecePublication() {
        for (int i = 0; i < PIECES; i++) {
            append(i);
        }
    }

    private void append(int number) {
        byte[] blocks = new byte[PIECE_BYTES];
        Arrays.fill(blocks, (byte) (number + 1));
        int from = run.keep(blocks);
        run.append(new Piece(number, number + 1, number, run.wire(), from, blocks.length));
    }

    @Actor
    public void maker() {
        append(PIECES);
    }

    @Actor
    public void reader(I_Result result) {
        if (run.startingAt(PIECES) == null) {
            result.r1 = 0;
        } else {
            result.r1 = areWhole() ? 1 : 2;
        }
    }

    private boolean areWhole() {
        for (int i = 0; i <= PIECES; i++) {
            Piece piece = run.startingAt(i);
            if (piece == null || piece.history() != i) {
                return false;
            }
            for (int at = 0; at < piece.wireLength(); at++) {
                if (piece.wire()[piece.wireFrom() + at] != i + 1) {
                    return false;
                }
            }
        }
        return run.endsBy(PIECES + 1);
    }
}
