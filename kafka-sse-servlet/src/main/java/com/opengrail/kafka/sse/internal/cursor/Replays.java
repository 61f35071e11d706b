package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.Segment;

/** Serves cursors that are behind the window. Threads: safe. */
public interface Replays {

    /** A batch in memory that leads on from the position of a request, or {@code null}. */
    Batch cached(Replay request);

    /** Queues a request. It is answered later by a replay thread, unless it has been abandoned. */
    void serve(Replay request);

    /**
     * Allows a client to keep a segment while its container writes from it.
     *
     * @return false if all such segments together would take too much memory: the client is to get small copies instead
     */
    boolean keep(Segment segment);

    /** A client keeps a segment no longer. */
    void release(Segment segment);
}
