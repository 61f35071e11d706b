package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.source.FailedPartition;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** One partition that cannot be read does not hold up the others. */
class FailingPartitionsTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 1);
    private static final TopicPartition OTHER = new TopicPartition("orders", 12);
    private static final TopicPartition PREFIXED = new TopicPartition("my.orders", 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private long now = -7;
    private final FailingPartitions failing = new FailingPartitions(consumer, () -> now);

    FailingPartitionsTest() {
        consumer.assign(List.of(FIRST, OTHER, PREFIXED));
    }

    private boolean pause(KafkaException failure) {
        TopicPartition failed = FailedPartition.of(failure, consumer.assignment());
        if (failed != null) {
            failing.pause(failed, failure);
        }
        return failed != null;
    }

    private void assertPaused(TopicPartition... expected) {
        failing.pauseAll(Set.of(), Set.of());
        assertEquals(Set.of(expected), consumer.paused());
    }

    @Test
    void shouldPauseThePartitionThatKafkaNames() {
        assertTrue(pause(new KafkaException("Received exception when fetching the next record from orders-12."
                + " If needed, please seek past the record to continue consumption.")));
        assertPaused(OTHER);
        assertTrue(pause(new CorruptRecordException("Record batch for partition my.orders-1 at offset 5 is invalid")));
        assertTrue(pause(new KafkaException("orders-1")));
        assertPaused(FIRST, OTHER, PREFIXED);
        assertEquals(
                "audit-*,my.orders-1,orders-1,orders-12", failing.describeWith(Set.of(), Set.of(), Set.of("audit")));
    }

    @Test
    void shouldPauseNothingWhereNoPartitionIsNamed() {
        assertFalse(pause(new KafkaException("of orders-13 and no-orders-1")));
        assertFalse(pause(new KafkaException()));
        assertFalse(pause(new TimeoutException("for orders-1")));
        assertPaused();
    }

    /** A broker that has lost a partition's disk answers each fetch at once with an error, thousands of times a second. */
    @Test
    void shouldFetchNothingOfAPartitionWhileItHasNoLeader() {
        failing.pauseAll(Set.of(FIRST, new TopicPartition("not.assigned", 0)), Set.of());
        assertEquals(Set.of(FIRST), consumer.paused());
        failing.pauseAll(Set.of(OTHER), Set.of());
        assertEquals(Set.of(OTHER), consumer.paused());
        failing.pauseAll(Set.of(), Set.of());
        assertEquals(Set.of(), consumer.paused());
    }

    @Test
    void shouldTellWhetherLeadersAreOthers() {
        assertFalse(failing.pauseAll(Set.of(), Set.of()));
        assertTrue(failing.pauseAll(Set.of(FIRST), Set.of()));
        assertFalse(failing.pauseAll(Set.of(FIRST), Set.of(OTHER)));
        assertTrue(failing.pauseAll(Set.of(), Set.of()));
    }

    /** Kafka's own message names no codec. */
    @Test
    void shouldTellOnceWhatAFailureComesOf() {
        assertEquals("", failing.takeReason());
        KafkaException failure = new KafkaException(
                "Received exception when fetching the next record from orders-1",
                new KafkaException(new NoClassDefFoundError("com/github/luben/zstd/ZstdInputStreamNoFinalizer")));
        pause(failure);
        String reason = failing.takeReason();
        assertTrue(
                reason.endsWith("(java.lang.NoClassDefFoundError: com/github/luben/zstd/ZstdInputStreamNoFinalizer)"),
                reason);
        assertEquals("", failing.takeReason());
        failing.leftOut(FIRST, 5, failure);
        assertEquals(reason, failing.takeReason());
    }

    @Test
    void shouldNotResumeAPartitionThatIsPausedForAnotherReason() {
        pause(new KafkaException("orders-1 is bad"));
        failing.pauseAll(Set.of(FIRST, OTHER, PREFIXED), Set.of());
        failing.pauseAll(Set.of(), Set.of(OTHER));
        assertEquals(Set.of(FIRST, OTHER), consumer.paused());
    }

    /** A feed that fetches nothing because brokers are away fails after a while. */
    @Test
    void shouldKnowWhetherNothingIsFetchedForAnotherReasonThanMissingLeaders() {
        assertFalse(failing.areAll());
        failing.pauseAll(Set.of(FIRST, OTHER, PREFIXED), Set.of());
        assertFalse(failing.areAll());
        failing.pauseAll(Set.of(FIRST), Set.of());
        assertFalse(failing.areAll());
        List.of("orders-12", "my.orders-1").forEach(each -> pause(new KafkaException(each)));
        failing.pauseAll(Set.of(FIRST), Set.of());
        assertTrue(failing.areAll());
        failing.pauseAll(Set.of(), Set.of());
        assertFalse(failing.areAll());
        List.of("orders-1", "orders-12", "my.orders-1").forEach(each -> pause(new KafkaException(each)));
        failing.pauseAll(Set.of(), Set.of());
        assertTrue(failing.areAll());
    }

    @Test
    void shouldReadAPartitionAgainAfterAWhile() {
        pause(new KafkaException("orders-1 is bad"));
        now += FailingPartitions.PAUSE_NANOS - 1;
        assertEquals(List.of(), failing.takeDue());
        now += 1;
        assertEquals(List.of(FIRST), failing.takeDue());
        assertPaused();
        assertEquals("", failing.describeWith(Set.of(), Set.of(), Set.of()));
    }
}
