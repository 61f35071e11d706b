package com.opengrail.kafka.sse.internal.position;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

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

    /**
     * As asked, by a client whose stream is open already. Its end of the log is where the log ended at an instant. Of topics
     * that did not exist then it is the first record, whatever the timestamps of the records say.
     */
    record OpenedAt(Start asked, Since since, Set<String> newTopics) implements Start {}

    /** True if the start depends on where the log ends. */
    default boolean isRelativeToEnd() {
        return this instanceof Latest
                || this instanceof UnknownId
                || this instanceof AtOffsets
                || this instanceof BeforeEnd
                || this instanceof After after && !after.id().isOfSameTopics();
    }

    /** What was asked for, whenever the stream was opened. */
    default Start asked() {
        return this;
    }

    /** The instant of which the offsets are needed, or {@code null}. */
    default Since since() {
        return this instanceof Since since ? since : null;
    }

    /** After the event with an id. */
    record After(EventId id) implements Start {}

    /** At the end, after a gap: the client has a last event id that cannot be read. */
    record UnknownId() implements Start {}
}
