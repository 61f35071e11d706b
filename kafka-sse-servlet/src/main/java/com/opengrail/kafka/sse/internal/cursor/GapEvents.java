package com.opengrail.kafka.sse.internal.cursor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import java.util.List;

/** The events that tell a client of gaps. Only the last has an id, so that a client cut off in between is told all again. */
final class GapEvents {
    private static final byte[] NAME = Gap.EVENT.getBytes(US_ASCII);

    private GapEvents() {}

    /**
     * Appends the events.
     *
     * @param after the client's position after all gaps
     */
    static void append(List<Gap> gaps, Position after, FrameBuffer into) {
        for (int i = 0; i < gaps.size(); i++) {
            if (i == gaps.size() - 1) {
                into.id(after.id());
            }
            into.event(NAME).data(gaps.get(i).toJson()).end();
        }
    }
}
