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

    /** A number of records before the end of each partition; at the first record of a partition that has fewer. */
    record BeforeEnd(long records) implements Start {}

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

    /** At the end, after a gap: the client has a last event id that cannot be read. */
    record UnknownId() implements Start {}
}
