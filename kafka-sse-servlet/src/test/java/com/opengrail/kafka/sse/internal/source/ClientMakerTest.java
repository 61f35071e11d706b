package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** While no client of Kafka can be made, it is tried seldom, whoever asks: each attempt writes many lines to the log. */
class ClientMakerTest {
    private static final Supplier<String> WELL = () -> "a client";

    private long now = Long.MAX_VALUE - 1;
    private int attempts;
    private final ClientMaker maker = new ClientMaker(() -> now, NoClientException::new);
    private final Supplier<String> refused = () -> {
        attempts++;
        throw new KafkaException("no token");
    };

    private void assertRefused(int attemptsSoFar) {
        NoClientException failure = assertThrows(NoClientException.class, () -> maker.make(refused));
        assertEquals(
                "Cannot make a client of Kafka: org.apache.kafka.common.KafkaException: no token",
                failure.getMessage());
        assertEquals(attemptsSoFar, attempts);
    }

    private void pass(int seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void shouldTryAgainAfterAPauseOnly() {
        assertRefused(1);
        pass(29);
        assertRefused(1);
        pass(1);
        assertRefused(2);
        pass(29);
        assertRefused(2);
        pass(1);
        assertEquals("a client", maker.make(WELL));
        assertEquals("a client", maker.make(WELL));
    }

    @Test
    void shouldMakeAsManyAtATimeAsAreAskedForWhileThatWorks() {
        assertEquals("a client", maker.make(() -> maker.make(WELL)));
    }

    @Test
    void shouldTryOnlyOnceAtATimeAfterAFailure() {
        assertRefused(1);
        pass(30);
        assertEquals("a client", maker.make(() -> {
            assertRefused(1);
            return WELL.get();
        }));
    }

    /** An attempt that ends with an error must not keep the others from trying. */
    @Test
    void shouldTryAgainAfterAnError() {
        assertRefused(1);
        pass(30);
        assertThrows(
                StackOverflowError.class,
                () -> maker.make(() -> {
                    throw new StackOverflowError();
                }));
        assertEquals("a client", maker.make(WELL));
    }
}
