package com.opengrail.kafka.sse.internal.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.testing.SseParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** A client that is cut off among gaps is told of those that it has not been told of. */
class GapEventsTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 3)));
    private static final Position AFTER = at(7, 3, 9);
    private static final Gap FIRST = gap(0, 2, 7, Gap.Reason.RETENTION);
    private static final Gap SECOND = gap(1, 8, 3, Gap.Reason.TRUNCATED);
    private static final Gap RECREATED = gap(2, 30, 9, Gap.Reason.RECREATED);

    private static Position at(long... next) {
        return new Position(LAYOUT, next);
    }

    private static Gap gap(int partition, long from, long to, Gap.Reason reason) {
        return new Gap(new TopicPartition("orders", partition), from, to, reason);
    }

    private static String id(Position position) {
        return new String(position.id(), StandardCharsets.US_ASCII);
    }

    /** The last event id that a client has after each of the events. */
    private static List<String> ids(Gap... gaps) {
        FrameBuffer events = new FrameBuffer();
        GapEvents.append(List.of(gaps), AFTER, events);
        List<String> ids = new ArrayList<>();
        new SseParser((id, type, data) -> ids.add(id)).feed(events.array(), 0, events.length());
        return ids;
    }

    @Test
    void shouldGiveEachGapThePositionAfterIt() {
        assertEquals(List.of(id(AFTER)), ids(FIRST));
        assertEquals(List.of(id(at(7, 8, 9)), id(AFTER)), ids(FIRST, SECOND));
        assertEquals(List.of(id(at(2, 3, 9)), id(AFTER)), ids(SECOND, FIRST));
    }

    /** Anybody may ask for an offset that makes ids as long as they can be. */
    @Test
    void shouldStayShortAndReadableWithManyPartitions() {
        Layout large = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 600)));
        List<Gap> gaps = new ArrayList<>();
        for (int partition = 0; partition < 600; partition++) {
            gaps.add(gap(partition, Long.MAX_VALUE - 1, 3, Gap.Reason.TRUNCATED));
        }
        long[] next = new long[600];
        Arrays.fill(next, 3);
        FrameBuffer events = new FrameBuffer();
        Position after = new Position(large, next);
        GapEvents.append(gaps, after, events);
        List<String> ids = new ArrayList<>();
        new SseParser((id, type, data) -> ids.add(id)).feed(events.array(), 0, events.length());
        assertEquals(600, ids.size());
        assertEquals(id(after), ids.get(599));
        assertTrue(ids.stream().allMatch(id -> id.length() <= PositionCodec.MAX_ID_LENGTH));
        assertTrue(events.length() < 150_000, "bytes: " + events.length());
    }

    /** The id of a topic that has been created anew would hide that the client has yet to be told of that. */
    @Test
    void shouldGiveNoIdToAGapBeforeOneThatAnIdWouldHide() {
        assertEquals(List.of("", id(AFTER)), ids(FIRST, RECREATED));
        assertEquals(List.of("", id(AFTER)), ids(FIRST, Gap.TOPICS));
        assertEquals(List.of(id(at(2, 8, 9)), id(at(7, 8, 9)), id(AFTER)), ids(Gap.TOPICS, FIRST, SECOND));
        assertEquals(List.of(id(at(2, 3, 9)), id(AFTER)), ids(RECREATED, FIRST));
    }
}
