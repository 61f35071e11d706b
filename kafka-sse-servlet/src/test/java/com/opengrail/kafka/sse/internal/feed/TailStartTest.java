package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.testing.FakeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** How far before the end of the log a window begins. */
class TailStartTest {
    private static final Layout LAYOUT = new Layout(
            List.of(new Layout.Topic("denied", new Uuid(1, 1), 1), new Layout.Topic("orders", new Uuid(2, 2), 1)));
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");

    private Position start(Set<String> unreadable, long... latest) {
        consumer.updateBeginningOffsets(Map.of(ORDERS, 0L, new TopicPartition("denied", 0), 0L));
        LogOffsets offsets = new LogOffsets(LAYOUT, new long[] {3, 5}, latest, new long[0]);
        return new TailStart(consumer, unreadable, offsets)
                .positionToFill(1 << 20, new FakeSource().newMapperChain(), Duration.ZERO);
    }

    @Test
    void shouldBeginAtTheFirstRecordOfAShortLog() {
        assertArrayEquals(new long[] {3, 5}, start(Set.of(), 20, 30).next());
        assertEquals(2, consumer.assignment().size());
    }

    /** Otherwise no client of the end of the log would ever be at the window's end. */
    @Test
    void shouldBeginAtTheEndOfATopicThatCannotBeRead() {
        assertArrayEquals(
                new long[] {1_000, 5}, start(Set.of("denied"), 1_000, 30).next());
        assertEquals(Set.of(ORDERS), consumer.assignment());
        assertEquals(5, consumer.position(ORDERS));
    }
}
