package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.gzip.ByteBudget;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.window.Segment;
import org.apache.kafka.common.TopicPartition;

/** Serves cursors that are behind the window. Threads: safe. */
public interface Replays {

    /** A batch in memory that continues from the position of a request, or {@code null}. */
    Replay.Read cached(Replay request);

    /** A partition's log has been truncated: what was read from that offset on is not in the log any more. */
    void truncated(Layout layout, TopicPartition partition, long to);

    /** Queues a request. It is answered later by a replay thread, unless it has been abandoned. */
    void serve(Replay request);

    /**
     * Allows a client to keep a segment while its container writes from it.
     *
     * @param payer who counts for the client's part of all such segments
     * @return false if they would take too much memory: the client is to get small copies instead
     */
    boolean keep(String payer, Segment segment);

    /** A client no longer keeps a segment. */
    void release(String payer, Segment segment);

    /** Where the compressed frames of batches are counted. */
    ByteBudget compressed();
}
