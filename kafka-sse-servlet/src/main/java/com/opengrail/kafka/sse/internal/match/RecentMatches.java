package com.opengrail.kafka.sse.internal.match;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The sequences of the newest frames that pass a filter. A cursor that is a few matches behind goes from one match to
 * the next and skips the frames in between. If many clients each filter for little, that is nearly everything.
 *
 * <p>Threads: the tail adds; any thread reads. A reader notices if entries were overwritten meanwhile, and does not use
 * them.
 */
public final class RecentMatches {
    /** There is no match from the sequence on. */
    public static final long NONE = Long.MAX_VALUE;

    /** The sequence is older than the matches that are remembered. */
    public static final long FORGOTTEN = -1;

    private static final int REMEMBERED = 16;

    private final AtomicLongArray sequences = new AtomicLongArray(REMEMBERED);

    /** Written by the tail, after the sequence. */
    private volatile long count;

    /** Adds a match, which is newer than all before. */
    void add(long sequence) {
        long before = count;
        sequences.set((int) (before % REMEMBERED), sequence);
        count = before + 1;
    }

    /** The first match from a sequence on, {@link #NONE} or {@link #FORGOTTEN}. */
    long firstFrom(long sequence) {
        long first = NONE;
        long lowest = count;
        boolean complete = lowest == 0;
        while (!complete && lowest > 0 && count - lowest < REMEMBERED - 1) {
            lowest--;
            long match = sequences.get((int) (lowest % REMEMBERED));
            complete = match < sequence || lowest == 0;
            first = match < sequence ? first : match;
        }
        // The entry that is being written overwrites the oldest.
        return complete && count - lowest < REMEMBERED ? first : FORGOTTEN;
    }
}
