package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;

/**
 * The event that tells a client once that all of the past has been sent.
 *
 * <p>Threads: its owner's alone, the holder of the client's {@link ClientWriter}.
 */
final class LiveEvent {
    private final String name;
    private boolean told;

    LiveEvent(String name) {
        this.name = name;
    }

    /** True if it has not been sent, and the client is served from the window and has everything that is there. */
    boolean isDue(Cursor cursor) {
        return !told && cursor != null && cursor.isLive() && !cursor.hasNext();
    }

    void append(FrameBuffer block, Cursor cursor) {
        told = true;
        cursor.passDropped();
        StreamBlocks.live(block, cursor, name);
    }
}
