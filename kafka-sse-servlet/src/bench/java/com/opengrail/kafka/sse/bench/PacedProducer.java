package com.opengrail.kafka.sse.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes stamped records, each at its time. The keys take turns, and each key has its lane, which is its partition.
 *
 * <p>Threads: the caller's.
 */
final class PacedProducer implements AutoCloseable {
    private static final long LOOK_NANOS = 500_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final Scenario scenario;
    private final byte[][] keys;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private long produced;

    PacedProducer(String brokers, String topic, Scenario scenario) {
        this.topic = topic;
        this.scenario = scenario;
        this.keys = new byte[scenario.keys()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = ("k" + i).getBytes(US_ASCII);
        }
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        brokers,
                        // Kafka's own default since 4.0, whatever client the project is built with.
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        // A broker that has not yet made a new partition refuses the first of several requests on their
                        // way and takes the second; the first is then out of sequence for good.
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Produces at the scenario's rate for so long; what is late is produced at once. */
    void produceFor(Duration time) {
        long start = System.nanoTime();
        long toSend = (long) (scenario.rate() * (time.toMillis() / 1000.0));
        long sent = 0;
        while (sent < toSend) {
            long due = Math.min(toSend, 1 + (System.nanoTime() - start) * scenario.rate() / 1_000_000_000L);
            while (sent < due) {
                produce();
                sent++;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        long end = start + time.toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Produces so many records as fast as the broker takes them, and waits for it. */
    void produceAtOnce(int records) {
        for (int i = 0; i < records; i++) {
            produce();
        }
        producer.flush();
        failIfFailed();
    }

    private void produce() {
        int key = (int) (produced % keys.length);
        int lane = key % Stamp.LANES;
        byte[] value = Stamp.value(lane, produced / keys.length, System.nanoTime(), scenario.valueBytes());
        produced++;
        producer.send(new ProducerRecord<>(topic, lane, keys[key], value), (metadata, e) -> {
            if (e != null) {
                failure.set(e);
            }
        });
    }

    /** How many records have been produced so far. */
    long produced() {
        return produced;
    }

    private void failIfFailed() {
        if (failure.get() != null) {
            throw new IllegalStateException("a record was not written", failure.get());
        }
    }

    @Override
    public void close() {
        producer.close();
        failIfFailed();
    }
}
