package com.opengrail.kafka.sse.internal.writer;

import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;

/**
 * A client as the lane sees it in which it has its turns.
 *
 * <p>Threads: its turns are given by the lane's thread, or by the one that serves its blocked connection. {@link #lastRound} is
 * the lane thread's. The fields of the queue are written under the rules of {@link TurnQueue}.
 */
abstract class LaneMember {
    /** The queue's: the number of this client and, while it waits for a turn, that of the next one. */
    int number;

    int nextQueued;

    /** The lane's: the round of the client's last turn. */
    int lastRound;

    /** The holder's: true if the client's filter took much of its last turn with any work. */
    boolean expensive;

    /** The holder's: true from a turn that was too short for all there was until a live client has nothing left. */
    boolean behind;

    /** See {@link BlockedConnections#sharedBy}. */
    final String connection;

    LaneMember(String connection) {
        this.connection = connection;
    }

    abstract WrittenClient client();

    /** Who pays for its turns: see {@link WrittenClient#payer}. */
    abstract String payer();

    /** Has its turn, with a buffer and a limit of the writer thread. */
    abstract void run(Slice slice, Turn turn);

    /** A turn for what is due alone, while the client waits for a turn with other heavy ones. */
    abstract void runDue(Slice slice, Turn turn);

    /** True if it waits for its turns with others of that kind. Called by the lane's thread, while the client is in the queue. */
    final boolean isHeavy() {
        return behind || isExpensive();
    }

    /** True if it is heavy because of its filter. */
    boolean isExpensive() {
        return expensive;
    }

    /** True if there is something that does not depend on its filter. */
    abstract boolean isAnythingDue();

    /** Waits for a turn of its lane. Called by the holder. */
    abstract void awaitTurn();

    /** Ends the stream of a client that waits for a turn and never gets it. Called instead of the turn. */
    abstract void giveUp();

    /**
     * Completes the request of a stream that failed before a time, unless the container has done so. True if it is
     * done.
     */
    abstract boolean completeIfUnreportedSince(long time);
}
