package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.request.StreamRequest;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;

/**
 * The event that tells a client once that all of the past has been sent.
 *
 * <p>Threads: the holder's of the client; {@link #endsAt} the timer's; {@link #isEndNew} from anywhere.
 */
final class LiveEvent {
    private final String name;

    /** The client starts at the end of the past, or the timer has found where the past ends. */
    private volatile boolean isEndKnown;

    /** Where the past ends; {@code null} until the holder or the timer has written it. */
    private volatile Position end;

    /** The end that the holder has looked at last. */
    private volatile Position examined;

    private boolean told;

    LiveEvent(String name, boolean startsAtEnd) {
        this.name = name;
        this.isEndKnown = startsAtEnd;
    }

    /** The event that a request asks for, or {@code null}. */
    static LiveEvent of(StreamRequest asked) {
        boolean startsAtEnd = asked.start() instanceof Start.Latest;
        return asked.liveEvent().map(name -> new LiveEvent(name, startsAtEnd)).orElse(null);
    }

    boolean isEndKnown() {
        return isEndKnown;
    }

    /**
     * The feed has read everything that was in the log when the stream began. Before, the window may be behind the log, and a
     * client that has all of the window may not have all of the log.
     */
    void endsAt(Position position) {
        end = position;
        isEndKnown = true;
    }

    /** True if the holder has not looked at the end of the past since that is known. */
    boolean isEndNew() {
        return isEndKnown && end != examined;
    }

    /**
     * True if it has not been sent and the client has all of the past, or all of it that is for this client. A client that
     * starts at the end has it when it starts.
     */
    boolean isDue(Cursor cursor) {
        if (!isEndKnown || told || cursor == null) {
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
