package com.opengrail.kafka.sse.internal.position;

import java.time.Instant;
import java.util.Map;

/** Where a client wants its stream to start. */
public sealed interface Start {

    /** After the newest record. */
    record Latest() implements Start {}

    /** At the oldest record. */
    record Earliest() implements Start {}

    /** At one offset in every partition. */
    record AtOffset(long offset) implements Start {}

    /** At an offset in each of some partitions of the one topic, in the others after the newest record. */
    record AtOffsets(Map<Integer, Long> offsets) implements Start {}

    /** At the first record that is not older. */
    record Since(Instant instant) implements Start {
        private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

        /** As milliseconds since the epoch; an instant beyond what they can say is as far as they reach. */
        public long epochMillis() {
            return instant.isAfter(LATEST) ? Long.MAX_VALUE : instant.toEpochMilli();
        }
    }

    /** After the event with an id. */
    record After(EventId id) implements Start {}

    /** So many records before the end of each partition, at its first record where there are fewer. */
    record BeforeEnd(long records) implements Start {}

    /**
     * After an event whose id cannot be read: at the end, after a gap event with the reason {@code unknown-id}. A browser
     * sends back what it remembers, and nobody can mend that.
     */
    record UnknownId() implements Start {}
}
