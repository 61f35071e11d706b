package com.opengrail.kafka.sse.internal.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Blocks that do not come from records, byte for byte. */
class StreamBlocksTest {
    private static final Optional<String> WHOLE = Optional.empty();
    private static final String END_OF_CUT_EVENT = ":\nid: 12\nevent: stream-cut\ndata: \n\n";

    private static String text(FrameBuffer block) {
        return new String(block.array(), 0, block.length(), UTF_8);
    }

    @Test
    void shouldBeginAStreamWithTheReconnectionTimeOrAComment() {
        assertEquals("retry: 2000\n\n", text(StreamBlocks.first(2000, WHOLE)));
        assertEquals(":\n", text(StreamBlocks.first(0, WHOLE)));
        assertEquals(END_OF_CUT_EVENT + "retry: 2000\n\n", text(StreamBlocks.first(2000, Optional.of("12"))));
    }

    @Test
    void shouldTellAClientToComeBackLater() {
        assertEquals("retry: 9000\n: full\n\n", text(StreamBlocks.later(9000, "full", WHOLE)));
        assertEquals(": full\n\n", text(StreamBlocks.later(0, "full", WHOLE)));
        assertEquals(
                END_OF_CUT_EVENT + "retry: 9000\n: full\n\n",
                text(StreamBlocks.later(9000, "full", Optional.of("12"))));
    }
}
