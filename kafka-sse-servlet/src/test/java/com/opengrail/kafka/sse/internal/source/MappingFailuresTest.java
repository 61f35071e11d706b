package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** A record may ask for more memory than there is. If memory is short for another reason, no record is to be lost. */
class MappingFailuresTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long now = -5;
    private final MappingFailures failures = new MappingFailures(() -> now);

    private boolean isFaultOf(int partition, long offset) {
        return failures.isFaultOf(new ConsumerRecord<>("orders", partition, offset, "key", "value"));
    }

    @Test
    void shouldBlameTheRecordForWhichMemoryIsStillTooShortAfterAWhile() {
        assertFalse(isFaultOf(0, 7));
        now += SECOND - 1;
        assertFalse(isFaultOf(0, 7));
        now += 1;
        assertTrue(isFaultOf(0, 7));
        assertFalse(isFaultOf(0, 8));
        assertFalse(isFaultOf(1, 7));
        assertTrue(isFaultOf(0, 7), "who replays it now need not wait once more");
        now += 60 * SECOND;
        assertFalse(isFaultOf(0, 7), "it may have been mapped in between");
        now += SECOND;
        assertTrue(isFaultOf(0, 7));
    }

    @Test
    void shouldForgetTheFirstOfManyRecords() {
        assertFalse(isFaultOf(0, 7));
        for (int offset = 8; offset < 200; offset++) {
            assertFalse(isFaultOf(0, offset));
        }
        now += SECOND;
        assertFalse(isFaultOf(0, 7));
        assertTrue(isFaultOf(0, 199));
    }
}
