package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.JavaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether there is a broker to connect to is found out without Kafka's clients. */
@Timeout(60)
class BrokerProbeTest {
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(8);
    private static final String UNKNOWN = "no-such-host.invalid:9092";

    private final int port = JavaProcess.freePort();
    private final String server = "127.0.0.1:" + port;
    private final AtomicInteger returns = new AtomicInteger();
    private long now = -7;

    private BrokerProbe probe(String... servers) {
        return new BrokerProbe(() -> List.of(servers), returns::incrementAndGet, () -> now);
    }

    private ServerSocket listen() throws IOException {
        return new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
    }

    @Test
    void shouldTellThatNobodyListensUntilSomebodyDoes() throws IOException {
        BrokerProbe probe = probe(server);
        assertFalse(probe.isReachable());
        try (ServerSocket listening = listen()) {
            now += BETWEEN_NANOS;
            assertTrue(probe.isReachable(), listening::toString);
        }
        now += BETWEEN_NANOS;
        assertFalse(probe.isReachable());
    }

    @Test
    void shouldNotTryAgainAtOnce() throws IOException {
        BrokerProbe probe = probe(server);
        assertFalse(probe.isReachable());
        try (ServerSocket listening = listen()) {
            now += BETWEEN_NANOS - 1;
            assertFalse(probe.isReachable(), listening::toString);
        }
    }

    @Test
    void shouldBeContentWithOneOfSeveral() throws IOException {
        BrokerProbe probe = probe(UNKNOWN, "127.0.0.1:" + JavaProcess.freePort(), "PLAINTEXT://" + server);
        assertFalse(probe.isReachable());
        try (ServerSocket listening = listen()) {
            now += BETWEEN_NANOS;
            assertTrue(probe.isReachable(), listening::toString);
        }
    }

    /** Kafka's clients notice the end of a short one soon. */
    @Test
    void shouldTellOnceOfTheEndOfALongAbsence() throws IOException {
        BrokerProbe probe = probe(server);
        for (long absence : new long[] {LONG_NANOS - 1, LONG_NANOS}) {
            now += BETWEEN_NANOS;
            assertFalse(probe.isReachable());
            now += absence;
            try (ServerSocket listening = listen()) {
                assertEquals(0, returns.get(), listening::toString);
                assertTrue(probe.isReachable());
                now += BETWEEN_NANOS;
                assertTrue(probe.isReachable());
            }
        }
        assertEquals(1, returns.get());
    }

    /** Kafka's clients say what is wrong with it. */
    @Test
    void shouldReachNoServerWithAnImpossiblePort() {
        assertFalse(probe("127.0.0.1:99999999999", "127.0.0.1:70000").isReachable());
    }

    /** Only Kafka's clients can find them then. */
    @Test
    void shouldTakeServersThatItDoesNotKnowForReachable() {
        assertTrue(probe().isReachable());
    }

    @Test
    void shouldGiveUpWhenItsThreadIsInterrupted() throws IOException {
        BrokerProbe probe = probe(server);
        try (ServerSocket listening = listen()) {
            Thread.currentThread().interrupt();
            assertTrue(probe.isReachable(), "not known: as before");
            assertTrue(Thread.interrupted(), "the interrupt is kept");
            now += BETWEEN_NANOS;
            assertTrue(probe.isReachable(), listening::toString);
        }
    }
}
