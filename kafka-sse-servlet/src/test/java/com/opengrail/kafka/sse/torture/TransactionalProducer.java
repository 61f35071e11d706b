package com.opengrail.kafka.sse.torture;

import com.opengrail.kafka.sse.testing.Await;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes transactions to all partitions of a topic until it is ended, a tenth of which it aborts; the records of each
 * partition are numbered. What becomes of the transaction in which a broker dies, the log says; it is not repeated.
 *
 * <p>Threads: one of its own.
 */
final class TransactionalProducer implements AutoCloseable {
    /** The name of the last record of each partition. */
    static final String END = "end";

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String[] NAMES = {"a", "b", "c", "d"};

    /** Larger than a small window, so that it moves past all who follow it live. */
    private static final int BURST = 1000;

    private final String bootstrapServers;
    private final String topic;
    private final Random random;
    private final int[] numbers;
    private final Thread thread = new Thread(this::run, "torture-producer");
    private final AtomicInteger committed = new AtomicInteger();
    private final AtomicInteger aborted = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile int partitions;
    private volatile boolean ended;

    /** The thread's; null after a failure. */
    private Producer<String, String> producer;

    TransactionalProducer(String bootstrapServers, String topic, int partitions, int mostPartitions, Random random) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.partitions = partitions;
        this.numbers = new int[mostPartitions];
        this.random = random;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void writeTo(int newPartitions) {
        partitions = newPartitions;
    }

    int committed() {
        return committed.get();
    }

    int aborted() {
        return aborted.get();
    }

    int failed() {
        return failed.get();
    }

    /** Writes a last record to each partition, and returns when that has been done. */
    void end() {
        ended = true;
        Await.until("the producer's end", LIMIT, () -> !thread.isAlive(), thread::getState);
    }

    private void run() {
        boolean last = false;
        while (!last) {
            boolean lastNow = ended;
            try {
                if (producer == null) {
                    producer = open();
                }
                if (lastNow) {
                    writeEnd();
                } else {
                    transaction();
                }
                last = lastNow;
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(150)).toNanos());
            } catch (KafkaException e) {
                // The broker is away: the next producer of this name ends the transaction of this one.
                failed.incrementAndGet();
                letGo();
            }
        }
        letGo();
    }

    private Producer<String, String> open() {
        Producer<String, String> opened = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "torture",
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        20_000,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        5_000,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        5_000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        10_000),
                new StringSerializer(),
                new StringSerializer());
        producer = opened;
        opened.initTransactions();
        return opened;
    }

    private void letGo() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    /** The first transaction is a burst that is committed. */
    private void transaction() {
        boolean first = committed.get() == 0;
        int records = first || random.nextInt(40) == 0 ? BURST : 1 + random.nextInt(12);
        producer.beginTransaction();
        for (int i = 0; i < records; i++) {
            send(random.nextInt(partitions), NAMES[random.nextInt(NAMES.length)]);
        }
        if (!first && random.nextInt(10) == 0) {
            // Otherwise they would never have been in the log.
            producer.flush();
            producer.abortTransaction();
            aborted.incrementAndGet();
        } else {
            producer.commitTransaction();
            committed.incrementAndGet();
        }
    }

    private void writeEnd() {
        producer.beginTransaction();
        for (int partition = 0; partition < partitions; partition++) {
            send(partition, END);
        }
        producer.commitTransaction();
    }

    private void send(int partition, String name) {
        String value = partition + ":" + numbers[partition]++ + ":" + "x".repeat(random.nextInt(200));
        producer.send(new ProducerRecord<>(topic, partition, name, value));
    }

    @Override
    public void close() {
        ended = true;
    }
}
