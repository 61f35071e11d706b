package com.opengrail.kafka.sse.internal.source;

import java.time.Duration;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;

/** How consumers are let go of. */
public final class ConsumerClose {
    private static final CloseOptions OPTIONS = CloseOptions.timeout(Duration.ofMillis(50));

    private ConsumerClose() {}

    /** Without a group there is nothing to hand over; a broker that holds a fetch back would be waited for otherwise. */
    public static void promptly(Consumer<?, ?> consumer) {
        consumer.close(OPTIONS);
    }
}
