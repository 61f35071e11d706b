package com.opengrail.kafka.sse.internal.writer;

import com.opengrail.kafka.sse.StreamInfo;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;

/**
 * A client as its {@link ClientWriter} sees it: it gives the bytes, and is told what has become of them.
 *
 * <p>Threads: the holder's of the writer, where nothing else is said.
 */
public interface WrittenClient {
    /** Who takes turns with others. Called from anywhere. */
    String payer();

    /** The time by the clock of all clients. Called from anywhere. */
    long now();

    /** The container can be written to. Called by its thread, before anything is written. */
    void writable();

    /** True if there is something to write besides events. Called from anywhere. */
    boolean isAnythingDue();

    /**
     * True if the stream is to end. Then a few calls of {@link #next} give its last bytes. They do not wait for another turn, of
     * which a closed lane has none.
     */
    boolean isEndDue();

    /** True if there is something for the holder, who asks, to do. */
    boolean hasOutput();

    /** True if others have left something for a holder. Asked by a thread that has just let go, so others may hold the client. */
    boolean isCalled();

    /** Gives the holder the next bytes to write. There may be none after all. True if these are the last bytes. */
    boolean next(Slice slice, Turn turn);

    /** Called by the holder before it lets go. */
    void parked();

    /** The holder has written bytes. */
    void wrote(Slice slice);

    /** The source of its events now. Called from anywhere. */
    StreamInfo.State state();

    /** The container ends the request. Called by its thread: the client may be sent its last bytes. */
    void timedOut(Slice slice);

    /** The stream has failed, and not because of the client. Called from anywhere. */
    void broken(Throwable cause);

    /**
     * The stream is over. Called once, from anywhere.
     *
     * @param stalled true if its client has taken no bytes for too long, or never got its turn
     */
    void closed(boolean stalled);
}
