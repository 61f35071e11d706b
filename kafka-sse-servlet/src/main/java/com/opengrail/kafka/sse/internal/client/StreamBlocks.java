package com.opengrail.kafka.sse.internal.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import java.util.Optional;

/** The blocks of a stream that do not come from records. */
final class StreamBlocks {
    private static final byte[] NO_DATA = "{}".getBytes(UTF_8);

    private StreamBlocks() {}

    /** The first block of a stream: the reconnection time, or a comment if there is none. */
    static FrameBuffer first(long retryMillis) {
        FrameBuffer first = new FrameBuffer();
        return retryMillis > 0 ? first.retry(retryMillis).end() : first.comment();
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
