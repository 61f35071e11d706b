package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.log.Secrets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the records that were skipped since no event could be made of them, and logs one per partition and minute.
 *
 * <p>Threads: safe.
 */
public final class MappingFailures {
    private static final Logger LOG = LoggerFactory.getLogger(MappingFailures.class);
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** If memory is short for another reason, others have let go of some by then, or the process has ended. */
    private static final long SHORTAGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What was long ago says nothing. */
    private static final long RECENT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final int MOST_SHORTAGES = 100;

    private record RecordId(String topic, int partition, long offset) {}

    private final LongSupplier nanoTime;
    private final LongAdder count = new LongAdder();
    private final Map<TopicPartition, Long> loggedAt = new ConcurrentHashMap<>();

    /** When the memory for a record was first too short. Guarded by itself. */
    private final Map<RecordId, Long> shortages = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RecordId, Long> eldest) {
            return size() > MOST_SHORTAGES;
        }
    };

    public MappingFailures(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * The memory was too short to map a record. True if that was so a while ago too. Then the record asks for too much, as
     * one does whose length is forged. Else mapping it may succeed later.
     */
    boolean isFaultOf(ConsumerRecord<?, ?> record) {
        RecordId id = new RecordId(record.topic(), record.partition(), record.offset());
        long now = nanoTime.getAsLong();
        synchronized (shortages) {
            Long first = shortages.get(id);
            if (first == null || now - first > RECENT_NANOS) {
                shortages.put(id, now);
                return false;
            }
            return now - first >= SHORTAGE_NANOS;
        }
    }

    void skipped(ConsumerRecord<?, ?> record, Throwable cause) {
        count.increment();
        long now = nanoTime.getAsLong();
        Long logged = loggedAt.compute(
                new TopicPartition(record.topic(), record.partition()),
                (key, last) -> last == null || now - last >= QUIET_NANOS ? (Long) now : last);
        if (logged == now) {
            LOG.warn(
                    "Skipped the record at topic {} partition {} offset {}, of which no event could be made;"
                            + " for a minute others of this partition are only counted",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    Secrets.hideIn(cause));
        }
    }

    public long count() {
        return count.sum();
    }
}
