package com.opengrail.kafka.sse.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes records that no honest client asks for, each with another key of 200 characters.
 *
 * <p>Threads: its own.
 */
final class UniqueNames extends Thread implements AutoCloseable {
    private static final int PER_SECOND = 20_000;
    private static final int LENGTH = 200;
    private static final long LOOK_NANOS = 1_000_000;

    private final Stage stage;
    private volatile boolean closed;

    /**
     * A producer to be started.
     *
     * @param wanted otherwise it writes nothing
     */
    UniqueNames(Stage stage, boolean wanted) {
        super("unique-names");
        setDaemon(true);
        this.stage = stage;
        this.closed = !wanted;
    }

    @Override
    public void run() {
        Map<String, Object> properties =
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, stage.brokers(), ProducerConfig.LINGER_MS_CONFIG, 5);
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties, bytes, bytes)) {
            long start = System.nanoTime();
            long sent = 0;
            while (!closed) {
                long due = (long) ((System.nanoTime() - start)
                        * 1e-9
                        * PER_SECOND
                        * stage.options().scale());
                for (; sent < due; sent++) {
                    byte[] key = ("n" + sent + "-" + "x".repeat(LENGTH))
                            .substring(0, LENGTH)
                            .getBytes(US_ASCII);
                    producer.send(
                            new ProducerRecord<>(stage.topic(), (int) (sent % Stamp.LANES), key, new byte[] {'v'}));
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
