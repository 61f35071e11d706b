package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.Test;

/** Who closes a consumer is not interrupted, and no interrupt is lost. */
class OwnedConsumerTest {
    private final OwnedConsumer owned = new OwnedConsumer();

    private void letGo(Runnable whileClosing) {
        owned.getOrMake(() -> new MockConsumer<>("none") {
            @Override
            @SuppressWarnings("deprecation")
            public void close(Duration timeout) {
                whileClosing.run();
                super.close(timeout);
            }
        });
        owned.letGo();
        assertNull(owned.get());
    }

    private static void assertNotInterrupted() {
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void shouldInterruptBeforeTheClosingAndNotInIt() {
        owned.interrupt(Thread.currentThread());
        letGo(OwnedConsumerTest::assertNotInterrupted);
        assertTrue(Thread.interrupted());
    }

    @Test
    void shouldInterruptAfterTheClosingInWhichItWasAsked() {
        letGo(() -> {
            owned.interrupt(Thread.currentThread());
            assertNotInterrupted();
        });
        assertTrue(Thread.interrupted());
    }

    @Test
    void shouldNotInterruptWhomNobodyInterrupts() {
        letGo(() -> {});
        assertFalse(Thread.interrupted());
    }

    @Test
    void shouldReplaceAnOutdatedConsumerNoEarlierThanAnotherIsNeeded() {
        OwnedConsumer owned = new OwnedConsumer();
        MockConsumer<byte[], byte[]> old = new MockConsumer<>("none");
        MockConsumer<byte[], byte[]> anew = new MockConsumer<>("none");
        owned.getOrMake(() -> old);
        owned.outdated();
        assertFalse(old.closed());
        assertSame(anew, owned.getOrMake(() -> anew));
        assertTrue(old.closed());
        assertSame(anew, owned.getOrMake(() -> old), "the new one is not outdated");
    }
}
