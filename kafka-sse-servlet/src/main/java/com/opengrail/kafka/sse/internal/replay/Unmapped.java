package com.opengrail.kafka.sse.internal.replay;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records of one partition that have been polled and not mapped.
 *
 * @param index of the partition in its layout
 */
record Unmapped(int index, String topic, List<ConsumerRecord<byte[], byte[]>> records) {
    /** What an id line and the names of the fields take, roughly. */
    private static final int ID_BYTES = 80;

    private static final int MOST_EXPECTED_BYTES = 16 * 1024 * 1024;

    /** How large the batch of all these is going to be, roughly. */
    static int expectedBytes(Collection<Unmapped> all) {
        long bytes = 0;
        for (Unmapped each : all) {
            for (ConsumerRecord<byte[], byte[]> record : each.records) {
                bytes += ID_BYTES + Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
            }
        }
        return (int) Math.min(MOST_EXPECTED_BYTES, bytes);
    }
}
