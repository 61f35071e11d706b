package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** When the past is over for a client that does not read as fast as records come. */
class LiveEventTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));

    private final Cursor cursor = mock(Cursor.class);
    private final LiveEvent event = new LiveEvent("live", true);

    private static Position at(long... next) {
        return new Position(LAYOUT, next);
    }

    private void moveTo(boolean isLive, boolean hasNext, Position position) {
        when(cursor.isLive()).thenReturn(isLive);
        when(cursor.hasNext()).thenReturn(hasNext);
        when(cursor.position()).thenReturn(position);
        when(cursor.tellPosition()).thenReturn("5".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldBeDueAtTheEndOfThePastThoughThereIsMoreByThen() {
        event.endsAt(at(5, 7));
        moveTo(true, true, at(4, 9));
        assertFalse(event.isDue(cursor));
        moveTo(true, true, at(5, 7));
        assertTrue(event.isDue(cursor));
        moveTo(false, true, at(9, 8));
        assertTrue(event.isDue(cursor), "in a replay");
    }

    @Test
    void shouldBeDueWhenTheFilterDropsTheRestOfThePast() {
        event.endsAt(at(5, 7));
        moveTo(true, false, at(4, 7));
        assertTrue(event.isDue(cursor));
        moveTo(false, false, at(4, 7));
        assertFalse(event.isDue(cursor), "more is on its way from Kafka");
    }

    @Test
    void shouldBeDueAtOnceForAClientThatStartsAtTheEnd() {
        moveTo(true, true, at(5, 7));
        assertTrue(event.isDue(cursor));
        moveTo(true, true, at(5, 8));
        assertTrue(event.isDue(cursor));
    }

    @Test
    void shouldBeToldOnce() {
        moveTo(true, false, at(5, 7));
        event.append(new FrameBuffer(), cursor);
        assertFalse(event.isDue(cursor));
        assertFalse(new LiveEvent("live", true).isDue(null), "there is no position yet");
    }
}
