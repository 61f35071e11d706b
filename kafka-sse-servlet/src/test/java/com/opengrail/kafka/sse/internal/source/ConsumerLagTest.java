package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockingDetails;
import static org.mockito.Mockito.when;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Kafka's consumer asks the brokers, and logs a line, whenever it is asked for a lag that it does not know. */
class ConsumerLagTest {
    private static final List<TopicPartition> PARTITIONS =
            List.of(new TopicPartition("orders", 0), new TopicPartition("orders", 1));

    private final Consumer<?, ?> consumer = mock(Consumer.class);
    private long now;
    private final ConsumerLag lag = new ConsumerLag(consumer, () -> now);

    @Test
    void shouldAddWhatIsKnown() {
        when(consumer.currentLag(PARTITIONS.get(0))).thenReturn(OptionalLong.of(3));
        when(consumer.currentLag(PARTITIONS.get(1))).thenReturn(OptionalLong.of(4));
        assertEquals(OptionalLong.of(7), lag.of(PARTITIONS));
        assertEquals(OptionalLong.of(3), lag.of(PARTITIONS.subList(0, 1)));
    }

    @Test
    void shouldAskLessAndLessOftenWhileOneIsUnknown() {
        when(consumer.currentLag(any())).thenReturn(OptionalLong.empty());
        for (; now < TimeUnit.MINUTES.toNanos(1); now += TimeUnit.MILLISECONDS.toNanos(10)) {
            assertEquals(OptionalLong.empty(), lag.of(PARTITIONS));
        }
        int asked = mockingDetails(consumer).getInvocations().size();
        assertTrue(asked > 5 && asked < 15, () -> asked + " questions in a minute");
    }

    @Test
    void shouldAskEachTimeOnceItIsKnown() {
        when(consumer.currentLag(any())).thenReturn(OptionalLong.empty());
        lag.of(PARTITIONS);
        when(consumer.currentLag(any())).thenReturn(OptionalLong.of(1));
        now += TimeUnit.SECONDS.toNanos(1);
        assertEquals(OptionalLong.of(2), lag.of(PARTITIONS));
        int before = mockingDetails(consumer).getInvocations().size();
        assertEquals(OptionalLong.of(2), lag.of(PARTITIONS));
        assertEquals(2, mockingDetails(consumer).getInvocations().size() - before);
    }

    /** The last pause may be long, and clients wait for the lag. */
    @Test
    void shouldAskAtOnceWhenLeadersAreOthers() {
        when(consumer.currentLag(any())).thenReturn(OptionalLong.empty());
        for (; now < TimeUnit.MINUTES.toNanos(2); now += TimeUnit.SECONDS.toNanos(1)) {
            lag.of(PARTITIONS);
        }
        when(consumer.currentLag(any())).thenReturn(OptionalLong.of(1));
        assertEquals(OptionalLong.empty(), lag.of(PARTITIONS));
        lag.askSoon();
        assertEquals(OptionalLong.of(2), lag.of(PARTITIONS));
    }
}
