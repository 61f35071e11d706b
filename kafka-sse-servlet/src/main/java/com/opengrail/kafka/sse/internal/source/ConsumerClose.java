package com.opengrail.kafka.sse.internal.source;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How consumers are let go of. */
public final class ConsumerClose {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerClose.class);
    private static final Duration TIMEOUT = Duration.ofMillis(50);

    private ConsumerClose() {}

    /**
     * Closes a consumer. Without a group there is nothing to hand over; a broker that holds a fetch back would be waited
     * for otherwise. What fails with it has no more effect.
     *
     * <p>What replaces the deprecated method is there from kafka-clients 4.1 on; 4.0 is to work too.
     */
    @SuppressWarnings("deprecation")
    public static void promptly(Consumer<?, ?> consumer) {
        try {
            consumer.close(TIMEOUT);
        } catch (KafkaException e) {
            LOG.debug("A consumer was closed with a failure", e);
        }
    }
}
