package com.opengrail.kafka.sse.internal.source;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;

/** How consumers are let go of. */
public final class ConsumerClose {
    private static final Duration TIMEOUT = Duration.ofMillis(50);

    private ConsumerClose() {}

    /**
     * Without a group there is nothing to hand over; a broker that holds a fetch back would be waited for otherwise.
     *
     * <p>What replaces the deprecated method is there from kafka-clients 4.1 on; 4.0 is to work too.
     */
    @SuppressWarnings("deprecation")
    public static void promptly(Consumer<?, ?> consumer) {
        consumer.close(TIMEOUT);
    }
}
