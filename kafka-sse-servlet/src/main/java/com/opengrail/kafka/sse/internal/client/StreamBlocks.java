package com.opengrail.kafka.sse.internal.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import java.util.Optional;

/** The blocks of a stream that do not come from records. */
final class StreamBlocks {
    private static final byte[] NO_DATA = "{}".getBytes(UTF_8);

    private StreamBlocks() {}

    /**
     * The first lines of a stream: a comment and the reconnection time, if there is one. The position block follows.
     *
     * <p>If a connection breaks within an event, WebKit adds the lines of the next connection to what it has read of it.
     * The comment ends a line that was cut. No empty line follows, which would dispatch the cut event. The position
     * block gives it another id, and a name that pages do not listen to.
     */
    static FrameBuffer first(long retryMillis) {
        FrameBuffer first = new FrameBuffer().comment();
        return retryMillis > 0 ? first.retry(retryMillis) : first;
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
