package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.StreamInfo;
import com.opengrail.kafka.sse.internal.access.EndReason;
import com.opengrail.kafka.sse.internal.access.Slot;
import com.opengrail.kafka.sse.internal.cursor.Slice;
import com.opengrail.kafka.sse.internal.request.StreamRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * What operators see of one stream: who reads what, how much of it, and why the stream ended.
 *
 * <p>Threads: safe.
 */
final class StreamAccount {
    /** Fields and not objects, of which there would be some for each of thousands of clients. */
    private static final AtomicLongFieldUpdater<StreamAccount> EVENTS =
            AtomicLongFieldUpdater.newUpdater(StreamAccount.class, "events");

    private static final AtomicLongFieldUpdater<StreamAccount> BYTES =
            AtomicLongFieldUpdater.newUpdater(StreamAccount.class, "bytes");

    private static final AtomicReferenceFieldUpdater<StreamAccount, EndReason> WHY =
            AtomicReferenceFieldUpdater.newUpdater(StreamAccount.class, EndReason.class, "why");

    private final Slot slot;
    private final StreamRequest asked;
    private final long openedAt;
    private final long sinceMillis;
    private volatile long events;
    private volatile long bytes;
    private volatile EndReason why;

    /** The account of a stream that begins at a time by the clock of the clients. */
    StreamAccount(StreamOpening opening, long openedAt) {
        this.slot = opening.slot();
        this.asked = opening.asked();
        this.openedAt = openedAt;
        this.sinceMillis = opening.openedAt().toEpochMilli();
    }

    Instant since() {
        return Instant.ofEpochMilli(sinceMillis);
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
        EVENTS.addAndGet(this, slice.events());
        BYTES.addAndGet(this, slice.length());
    }

    long nanosOpen(long now) {
        return now - openedAt;
    }

    StreamInfo info(StreamInfo.State state) {
        return new StreamInfo(Optional.ofNullable(slot.user()), slot.address(), asked.topics(), since(), events, state);
    }

    /** Writes the line of a stream that has ended. */
    void log(long now, StreamInfo.State state) {
        AccessLog.ended(info(state), asked, Duration.ofNanos(nanosOpen(now)), bytes, why);
    }
}
