package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.access.ConnectionLimits;
import com.opengrail.kafka.sse.internal.access.Rechecks;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.writer.Lanes;
import com.opengrail.kafka.sse.internal.writer.Writers;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The end of all streams, where a container does not report in time that a request has ended. */
class ClosedClientsTest {
    private static final int MILLIS = 400;

    /** Twice as many as there are pauses of 5 ms in that time. */
    private static final int MOST_LOOKS = 160;

    private final AtomicInteger looks = new AtomicInteger();
    private final Writers writers = new Writers(1, "test", EngineThreads.ofCaller(), System::nanoTime);
    private final Clients clients = new Clients(
            new ClientOptions(1000, 1000, 0, 0, Optional.empty(), 5_000, true),
            new ConnectionLimits(0, 0, 0),
            writers,
            new Rechecks("test", EngineThreads.ofCaller()),
            new Counters(),
            System::nanoTime);

    /** A thread that is interrupted cannot park. */
    @Test
    void shouldWaitWithoutBurningAProcessorWhereTheCallingThreadIsInterrupted() {
        Lanes.reportDue(writers, () -> {
            looks.incrementAndGet();
            return false;
        });
        Thread.currentThread().interrupt();
        clients.close(MILLIS);
        assertTrue(Thread.interrupted(), "the interrupt is left for the caller");
        assertTrue(looks.get() > 1 && looks.get() <= MOST_LOOKS, () -> looks + " looks");
    }
}
