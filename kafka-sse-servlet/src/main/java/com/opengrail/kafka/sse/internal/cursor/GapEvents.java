package com.opengrail.kafka.sse.internal.cursor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import java.util.List;

/**
 * The events that tell a client of gaps. The id of each is the position after it, where an id can say that. A client that
 * is cut off after one without an id is told of it again.
 */
final class GapEvents {
    private static final byte[] NAME = Gap.EVENT.getBytes(US_ASCII);

    /** An id names all partitions. Of many gaps only so many at the end have one. */
    private static final int MOST_IDS = 16;

    private GapEvents() {}

    /** Appends the events for a client whose position after all gaps is {@code after}. */
    static void append(List<Gap> gaps, Position after, FrameBuffer into) {
        for (int i = 0; i < gaps.size(); i++) {
            List<Gap> rest = gaps.subList(i + 1, gaps.size());
            byte[] id = rest.size() < MOST_IDS ? idBefore(rest, after) : null;
            if (id != null) {
                into.id(id);
            }
            into.event(NAME).data(gaps.get(i).toJson()).end();
        }
    }

    /** The id before gaps; {@code null} if it could not be read, or would not let a client meet them again. */
    private static byte[] idBefore(List<Gap> gaps, Position after) {
        long[] next = after.next().clone();
        for (int i = gaps.size() - 1; i >= 0; i--) {
            Gap gap = gaps.get(i);
            if (gap.reason() != Gap.Reason.RETENTION && gap.reason() != Gap.Reason.TRUNCATED) {
                return null;
            }
            next[after.layout().indexOf(gap.partition())] = gap.from();
        }
        byte[] id = new Position(after.layout(), next).id();
        return gaps.isEmpty() || id.length <= PositionCodec.MAX_ID_LENGTH ? id : null;
    }
}
