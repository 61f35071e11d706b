package com.opengrail.kafka.sse.internal.source;

import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.ClusterResource;
import org.apache.kafka.common.ClusterResourceListener;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer whose poll ends when new metadata arrives. It then runs a callback.
 *
 * <p>If a topic is deleted, its consumer fetches again at once after each refusal and logs a line each time. It does so
 * thousands of times per second, without returning from its poll. But each refusal makes it ask for metadata. So that
 * is the moment to find out what has become of the topics.
 *
 * <p>Threads: as a consumer.
 */
final class ClusterConsumer extends KafkaConsumer<byte[], byte[]> {

    /** Kafka tells deserializers of each answer with metadata. */
    private static final class MetadataListener extends ByteArrayDeserializer implements ClusterResourceListener {
        private volatile Runnable listener = () -> {};

        @Override
        public void onUpdate(ClusterResource cluster) {
            listener.run();
        }
    }

    private final Runnable metadataChanged;
    private final BooleanSupplier outdated;

    /** Written by the thread that polls. */
    private volatile boolean polling;

    /** Written by the thread that gets metadata, which is the one that polls in a classic consumer. */
    private volatile boolean cut;

    /**
     * A consumer.
     *
     * @param properties of the consumer
     * @param metadataChanged is run when the consumer has got metadata while it polled
     * @param outdated whether another consumer would log in with something else
     */
    ClusterConsumer(Map<String, Object> properties, Runnable metadataChanged, BooleanSupplier outdated) {
        this(properties, metadataChanged, outdated, new MetadataListener());
    }

    private ClusterConsumer(
            Map<String, Object> properties,
            Runnable metadataChanged,
            BooleanSupplier outdated,
            MetadataListener listener) {
        super(properties, listener, new ByteArrayDeserializer());
        this.metadataChanged = metadataChanged;
        this.outdated = outdated;
        listener.listener = this::cutPoll;
    }

    /** True if another one would log in with something else. May take long. */
    boolean isOutdated() {
        return outdated.getAsBoolean();
    }

    private void cutPoll() {
        if (polling) {
            cut = true;
            wakeup();
        }
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        polling = true;
        try {
            return super.poll(timeout);
        } catch (WakeupException e) {
            if (!cut) {
                throw e;
            }
            cut = false;
            metadataChanged.run();
            return ConsumerRecords.empty();
        } finally {
            polling = false;
        }
    }
}
