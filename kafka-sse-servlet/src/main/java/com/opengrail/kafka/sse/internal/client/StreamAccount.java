package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.StreamInfo;
import com.opengrail.kafka.sse.internal.access.EndReason;
import com.opengrail.kafka.sse.internal.access.Slot;
import com.opengrail.kafka.sse.internal.match.Slice;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * What operators see of one stream: who reads what, how much of it, and why the stream ended.
 *
 * <p>Threads: safe, but for {@link #wrote}, which is the holder's of the client.
 */
final class StreamAccount {
    /** A field and not an object, of which there would be one for each of thousands of clients. */
    private static final AtomicReferenceFieldUpdater<StreamAccount, EndReason> WHY =
            AtomicReferenceFieldUpdater.newUpdater(StreamAccount.class, EndReason.class, "why");

    private final StreamOpening opening;
    private final long openedAt;
    private volatile long events;
    private volatile long bytes;
    private volatile EndReason why;

    /** The account of a stream that begins at a time by the clock of the clients. */
    StreamAccount(StreamOpening opening, long openedAt) {
        this.opening = opening;
        this.openedAt = openedAt;
    }

    Instant since() {
        return opening.openedAt().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Something has ended the stream. Only the first reason counts. */
    void because(EndReason reason) {
        WHY.compareAndSet(this, null, reason);
    }

    /** True if the client must get no more events. */
    boolean isAccessLost() {
        EndReason reason = why;
        return reason != null && reason.isAboutAccess();
    }

    void wrote(Slice slice) {
        long eventsBefore = events;
        long bytesBefore = bytes;
        events = eventsBefore + slice.events();
        bytes = bytesBefore + slice.length();
    }

    long nanosOpen(long now) {
        return now - openedAt;
    }

    StreamInfo info(StreamInfo.State state) {
        Slot slot = opening.slot();
        List<String> topics = opening.asked().topics();
        return new StreamInfo(Optional.ofNullable(slot.user()), slot.address(), topics, since(), events, state);
    }

    void log(long now, StreamInfo.State state) {
        AccessLog.ended(info(state), opening.asked(), Duration.ofNanos(nanosOpen(now)), bytes, why);
    }
}
