package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.util.function.Consumer;

/**
 * Takes the events that mappers make of one record. The frames are used for the next record after that, perhaps of another
 * topic. So it takes none later, and none from another thread, which may be late.
 *
 * <p>Threads: the one that made it passes events on; all others are refused.
 */
final class MappedEvents implements Consumer<SseEvent> {
    private static final String IN_ANOTHER_THREAD =
            "A mapper passed on an event in another thread than the one that called it";

    private final RecordFrames into;
    private final ReservedNames reserved;
    private final Thread mapping = Thread.currentThread();
    private boolean isOver;

    /** Written by other threads. */
    private volatile boolean isOfOthers;

    MappedEvents(RecordFrames into, ReservedNames reserved) {
        this.into = into;
        this.reserved = reserved;
    }

    @Override
    public void accept(SseEvent event) {
        if (Thread.currentThread() != mapping) {
            isOfOthers = true;
            throw new IllegalStateException(IN_ANOTHER_THREAD);
        }
        if (isOver) {
            throw new IllegalStateException("A mapper passed on an event after it had returned");
        }
        into.addOfRecord(event, reserved);
    }

    /** Takes no more. */
    void end() {
        isOver = true;
    }

    /** Fails if another thread has passed on an event, which is missing. */
    void requireAll() {
        if (isOfOthers) {
            throw new IllegalStateException(IN_ANOTHER_THREAD);
        }
    }
}
