package com.opengrail.kafka.sse.internal.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.util.Optional;

/** The blocks of a stream that do not come from records. */
final class StreamBlocks {
    private static final byte[] NO_DATA = "{}".getBytes(UTF_8);
    private static final byte[] CUT_EVENT = ReservedNames.CUT_EVENT.getBytes(UTF_8);

    private StreamBlocks() {}

    /**
     * The first block of a stream: the reconnection time, or a comment if there is none.
     *
     * @param cutAt the position of a client that has read a part of the next event and will not forget it
     */
    static FrameBuffer first(long retryMillis, Optional<String> cutAt) {
        FrameBuffer first = endCutEvent(cutAt);
        return retryMillis > 0 ? first.retry(retryMillis).end() : first.comment();
    }

    /** Tells a client to come back later. */
    static FrameBuffer later(long retryMillis, String why, Optional<String> cutAt) {
        FrameBuffer block = endCutEvent(cutAt);
        if (retryMillis > 0) {
            block.retry(retryMillis);
        }
        return block.comment(why).end();
    }

    /**
     * The comment ends a line that was cut. The cut event gets the position that the client has already, and a name that
     * is reserved for it.
     */
    private static FrameBuffer endCutEvent(Optional<String> cutAt) {
        FrameBuffer block = new FrameBuffer();
        cutAt.ifPresent(id -> block.comment()
                .id(id.getBytes(US_ASCII))
                .event(CUT_EVENT)
                .data(null)
                .end());
        return block;
    }

    /** A position block. It moves the client's last event id without the page noticing. */
    static void position(FrameBuffer block, Cursor cursor, Optional<String> eventName) {
        block.id(cursor.tellPosition());
        eventName.ifPresent(name -> block.event(name.getBytes(UTF_8)).data(null));
        block.end();
    }

    /** The live event, which says that all of the past has been sent. */
    static void live(FrameBuffer block, Cursor cursor, String eventName) {
        block.id(cursor.tellPosition())
                .event(eventName.getBytes(UTF_8))
                .data(NO_DATA)
                .end();
    }
}
