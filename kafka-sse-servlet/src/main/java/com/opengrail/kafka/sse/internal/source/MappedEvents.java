package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Takes the events that mappers make of one record. The frames are reused for the next record, perhaps of another topic. So
 * events are refused after the mapper has returned, and from other threads, which could be late. A record that lacks an event for
 * that reason counts as failed.
 *
 * <p>Threads: the one that made it passes events on; all others are refused.
 */
final class MappedEvents implements Consumer<SseEvent> {
    private final ConsumerRecord<byte[], byte[]> record;
    private final RecordFrames into;
    private final ReservedNames reserved;
    private final MappingFailures failures;
    private final Thread mapping = Thread.currentThread();

    /** Written under the lock, as the next one. */
    private boolean isOver;

    private IllegalStateException refusal;

    /**
     * Takes the events of a record.
     *
     * @param into the frames of the record
     * @param failures is told if an event comes late
     */
    MappedEvents(
            ConsumerRecord<byte[], byte[]> record,
            RecordFrames into,
            ReservedNames reserved,
            MappingFailures failures) {
        this.record = record;
        this.into = into;
        this.reserved = reserved;
        this.failures = failures;
    }

    @Override
    public void accept(SseEvent event) {
        if (Thread.currentThread() != mapping || isOver) {
            throw refuse();
        }
        into.addOfRecord(event, reserved);
    }

    private synchronized IllegalStateException refuse() {
        refusal = new IllegalStateException(
                isOver
                        ? "A mapper passed on an event after it had returned"
                        : "A mapper passed on an event in another thread than the one that called it");
        if (isOver) {
            failures.skipped(record, refusal);
        }
        return refusal;
    }

    /** Takes no more. Gives why an event has been refused before, or {@code null} if none was. */
    synchronized IllegalStateException end() {
        isOver = true;
        return refusal;
    }
}
