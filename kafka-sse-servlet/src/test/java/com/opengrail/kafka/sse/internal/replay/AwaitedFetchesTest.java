package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AwaitedFetchesTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 1);

    private long now = -7;
    private final AwaitedFetches awaited = new AwaitedFetches(() -> now);

    @Test
    void shouldTellWhetherAFetchIsAwaitedHereOrElsewhere() {
        assertFalse(awaited.isAt(PARTITION, 5));
        assertFalse(awaited.isElsewhere(PARTITION, 5));
        awaited.unanswered(PARTITION, 5);
        assertTrue(awaited.isAt(PARTITION, 5));
        assertFalse(awaited.isElsewhere(PARTITION, 5));
        assertFalse(awaited.isAt(PARTITION, 6));
        assertTrue(awaited.isElsewhere(PARTITION, 6));
        assertFalse(awaited.isElsewhere(new TopicPartition("orders", 2), 6));
        awaited.answered(PARTITION);
        assertFalse(awaited.isAt(PARTITION, 5));
        assertFalse(awaited.isElsewhere(PARTITION, 6));
    }

    @Test
    void shouldAwaitForLongerAfterEachSilenceAndNotForEver() {
        for (long pause = AwaitedFetches.SHORTEST_PAUSE; pause < AwaitedFetches.LONGEST_PAUSE; pause *= 2) {
            assertAwaitedFor(pause);
        }
        assertAwaitedFor(AwaitedFetches.LONGEST_PAUSE);
        assertAwaitedFor(AwaitedFetches.LONGEST_PAUSE);
        awaited.answered(PARTITION);
        assertAwaitedFor(AwaitedFetches.SHORTEST_PAUSE);
    }

    private void assertAwaitedFor(long pause) {
        awaited.unanswered(PARTITION, 5);
        now += pause - 1;
        assertTrue(awaited.isAt(PARTITION, 5));
        now++;
        assertFalse(awaited.isAt(PARTITION, 5));
        assertFalse(awaited.isElsewhere(PARTITION, 6));
    }
}
