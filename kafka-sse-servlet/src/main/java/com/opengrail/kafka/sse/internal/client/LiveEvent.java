package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.cursor.Slice;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;

/**
 * The event that tells a client once that all of the past has been sent.
 *
 * <p>Threads: the holder's of the client; {@link #endsAt} the timer's; {@link #isEndNew} from anywhere.
 */
final class LiveEvent {
    private final String name;

    /** Where the past ends; {@code null} until that is known. Written by the timer, or by the holder. */
    private volatile Position end;

    /** The end that the holder has looked at last. */
    private volatile Position examined;

    private boolean told;

    LiveEvent(String name) {
        this.name = name;
    }

    /** The feed has read everything that was in the log when the stream began. */
    void endsAt(Position position) {
        end = position;
    }

    /** True if the holder has not looked at the end of the past since that is known. */
    boolean isEndNew() {
        return end != examined;
    }

    /**
     * True if it has not been sent and the client has all of the past, or all of it that is for this client. To be asked when
     * the end of the past is known. A client that starts at the end has it when it starts.
     */
    boolean isDue(Cursor cursor) {
        if (told || cursor == null) {
            return false;
        }
        if (end == null) {
            end = cursor.position();
        }
        examined = end;
        return cursor.isLive() && !cursor.hasNext() || end.isAtOrBefore(cursor.position());
    }

    /** Sends it alone. */
    void tell(Slice slice, Cursor cursor) {
        FrameBuffer block = new FrameBuffer();
        append(block, cursor);
        slice.set(block, 1);
    }

    void append(FrameBuffer block, Cursor cursor) {
        told = true;
        cursor.passDropped();
        StreamBlocks.live(block, cursor, name);
    }
}
