package com.opengrail.kafka.sse.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import org.junit.jupiter.api.Test;

class RecordFramesTest {
    private static final int LARGE = 10_000_000;

    private final RecordFrames frames = new RecordFrames();

    /** A reader lives as long as its topic is followed, and no setting bounds what it keeps when it waits for records. */
    @Test
    void shouldNotKeepTheMemoryOfALargeRecord() {
        frames.add(SseEvent.of("large", "x".repeat(LARGE)));
        assertTrue(frames.length(0) > LARGE);
        frames.clear();
        assertTrue(frames.array().length < LARGE / 5, () -> frames.array().length + " bytes");
        frames.add(SseEvent.of("small", "y"));
        assertEquals("event: small\ndata: y\n\n".length(), frames.length(0));
    }
}
