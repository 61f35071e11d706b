package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.cursor.Slice;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;

/**
 * The event that tells a client once that all of the past has been sent.
 *
 * <p>Threads: the holder's of the client's {@link ClientWriter}; {@link #endsAt} the timer's.
 */
final class LiveEvent {
    private final String name;

    /** Where the past ends; {@code null} until that is known. Written by the timer, or by the holder. */
    private volatile Position end;

    private boolean told;

    LiveEvent(String name) {
        this.name = name;
    }

    /** The feed has read everything that was in the log when the stream began. */
    void endsAt(Position position) {
        end = position;
    }

    /**
     * True if it has not been sent, and the client has everything up to the end of the past, or everything that is for it.
     * Asked once that end is known, and of a client that starts at the end from the start on.
     */
    boolean isDue(Cursor cursor) {
        if (told || cursor == null) {
            return false;
        }
        if (end == null) {
            end = cursor.position();
        }
        return cursor.isLive() && !cursor.hasNext() || end.isAtOrBefore(cursor.position());
    }

    /** Sends it alone. */
    void tell(Slice slice, Cursor cursor) {
        FrameBuffer block = new FrameBuffer();
        append(block, cursor);
        slice.set(block.array(), 0, block.length(), 1);
    }

    void append(FrameBuffer block, Cursor cursor) {
        told = true;
        cursor.passDropped();
        StreamBlocks.live(block, cursor, name);
    }
}
