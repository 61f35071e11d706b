package com.opengrail.kafka.sse.internal.source;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer of one thread, if it has one. The thread is not interrupted while it closes the consumer: Kafka logs an
 * interrupted closing as an error.
 *
 * <p>Threads: {@link #get} and {@link #interrupt} from anywhere, the rest by the owner. No lock is held while closing.
 */
public final class OwnedConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedConsumer.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(50);

    private volatile Consumer<byte[], byte[]> consumer;

    /** The owner's. */
    private boolean outdated;

    /** Guarded by this. */
    private boolean isClosing;

    private boolean isInterrupted;

    /** The consumer, or {@code null} if there is none now. */
    public Consumer<byte[], byte[]> get() {
        return consumer;
    }

    public Consumer<byte[], byte[]> getOrMake(Supplier<Consumer<byte[], byte[]>> maker) {
        if (outdated) {
            letGo();
        }
        if (consumer == null) {
            consumer = maker.get();
        }
        return consumer;
    }

    /** Another one is to be made when one is needed. Until then this one stays: closing it writes five lines to the log. */
    public void outdated() {
        outdated = true;
    }

    /** Ends a poll, and interrupts the owner as soon as it does not close the consumer. */
    public void interrupt(Thread owner) {
        Consumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        synchronized (this) {
            isInterrupted = true;
            if (!isClosing) {
                owner.interrupt();
            }
        }
    }

    /** Takes its partitions away, if it has any. */
    public void unsubscribe() {
        Consumer<byte[], byte[]> made = consumer;
        if (made != null && !made.assignment().isEmpty()) {
            made.unsubscribe();
        }
    }

    /** Closes the consumer if there is one. The interrupt that has come before or meanwhile is there afterwards. */
    public void letGo() {
        Consumer<byte[], byte[]> current = consumer;
        consumer = null;
        outdated = false;
        if (current == null) {
            return;
        }
        synchronized (this) {
            isClosing = true;
            isInterrupted = Thread.interrupted();
        }
        try {
            close(current);
        } finally {
            synchronized (this) {
                isClosing = false;
                if (isInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /**
     * Without a group there is nothing to hand over; a broker that holds a fetch back would be waited for otherwise. What
     * fails with it has no more effect.
     *
     * <p>What replaces the deprecated method is there from kafka-clients 4.1 on; 4.0 is to work too.
     */
    @SuppressWarnings("deprecation")
    private static void close(Consumer<?, ?> consumer) {
        try {
            consumer.close(CLOSE_TIMEOUT);
        } catch (KafkaException e) {
            LOG.debug("A consumer was closed with a failure", e);
        }
    }
}
