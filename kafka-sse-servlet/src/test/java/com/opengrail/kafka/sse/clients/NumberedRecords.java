package com.opengrail.kafka.sse.clients;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.PartitionOrder;
import com.opengrail.kafka.sse.testing.Topics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes records for {@link PartitionOrder}: one to each partition, then the next to each, whatever happens to the brokers.
 *
 * <p>Threads: one writes; all methods are for the one that has made it.
 */
final class NumberedRecords implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String FILLER = " x".repeat(40);

    private final Producer<String, String> producer;
    private final String topic;
    private final Duration pause;
    private final Thread thread = new Thread(this::run, "numbered-records");
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    // Written by the thread, and read when it has ended.
    private int written;

    private volatile int partitions;
    private volatile boolean ended;

    NumberedRecords(Topics topics, String topic, int partitions, Duration pause) {
        this.producer = topics.producer();
        this.topic = topic;
        this.partitions = partitions;
        this.pause = pause;
    }

    void start() {
        thread.start();
    }

    /** From now on to so many partitions. */
    void writeTo(int more) {
        partitions = more;
    }

    /** Ends after all partitions have had a last record, and waits until all are acknowledged; returns how many there are. */
    int end() {
        ended = true;
        Await.until("the end of the producer", LIMIT, () -> !thread.isAlive(), thread::getState);
        if (failure.get() != null) {
            throw new IllegalStateException("a record was not written", failure.get());
        }
        return written;
    }

    private void run() {
        long[] next = new long[PartitionOrder.PARTITIONS];
        boolean last = false;
        while (!last) {
            last = ended;
            for (int partition = 0; partition < partitions; partition++) {
                String value = PartitionOrder.value(partition, next[partition]++) + FILLER;
                producer.send(new ProducerRecord<>(topic, partition, "k", value), (metadata, refused) -> {
                    if (refused != null) {
                        failure.compareAndSet(null, refused);
                    }
                });
                written++;
            }
            LockSupport.parkNanos(pause.toNanos());
        }
        producer.flush();
    }

    @Override
    public void close() {
        ended = true;
        producer.close(Duration.ZERO);
    }
}
