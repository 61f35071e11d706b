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

    /** At given offsets in some partitions of the only topic, and after the newest record in the others. */
    record AtOffsets(Map<Integer, Long> offsets) implements Start {}

    /** So many records before the end of each partition, or at its first record if it has fewer. */
    record BeforeEnd(long records) implements Start {}

    /** At the first record that is not older than an instant. */
    record Since(Instant instant) implements Start {
        private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

        /** Milliseconds since the epoch, or the largest {@code long} for a later instant. */
        public long epochMillis() {
            return instant.isAfter(LATEST) ? Long.MAX_VALUE : instant.toEpochMilli();
        }
    }

    /** After the event with an id. */
    record After(EventId id) implements Start {}

    /** At the end, after a gap: the client has a last event id that cannot be read. */
    record UnknownId() implements Start {}
}
