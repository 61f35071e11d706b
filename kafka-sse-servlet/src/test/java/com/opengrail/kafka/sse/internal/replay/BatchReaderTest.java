package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.Description;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.EventNames;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records that cannot be read keep nobody from what other partitions hold. */
class BatchReaderTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));
    private static final long CORRUPT = 5;

    private long now = -7;
    private boolean mended;
    private boolean secondFails;
    private boolean silent;
    private int markers;
    private int lagQuestions;

    /** What the consumer has counted. */
    private double answers;

    private int answersOfPoll = 1;

    /**
     * The first partition has a corrupt batch, or markers of transactions. Each poll reads one record of each partition that has
     * not failed. That of the second one comes first.
     */
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
        @Override
        public synchronized Map<MetricName, ? extends Metric> metrics() {
            return Stream.of(metric("fetch-total", "consumer-fetch-manager-metrics", () -> answers))
                    .collect(Collectors.toMap(Metric::metricName, each -> each));
        }

        @Override
        public synchronized OptionalLong currentLag(TopicPartition partition) {
            lagQuestions++;
            return super.currentLag(partition);
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new TreeMap<>(
                    Comparator.comparingInt(TopicPartition::partition).reversed());
            Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
            answers += answersOfPoll;
            for (TopicPartition partition : assignment()) {
                if (paused().contains(partition)) {
                    continue;
                }
                long at = position(partition);
                if (silent) {
                    seek(partition, at + (partition.equals(FIRST) ? markers : 0));
                    continue;
                }
                if (!mended && (partition.equals(FIRST) ? at == CORRUPT : secondFails)) {
                    throw new KafkaException("Received exception when fetching the next record from " + partition);
                }
                records.put(
                        partition,
                        List.of(new ConsumerRecord<>("orders", partition.partition(), at, null, new byte[10])));
                next.put(partition, new OffsetAndMetadata(at + 1));
                seek(partition, at + 1);
            }
            return new ConsumerRecords<>(records, next);
        }
    };

    private final KafkaSource source = mock(KafkaSource.class);
    private final TopicWatch topics = new TopicWatch(List.of("orders"), source, TimeUnit.SECONDS.toNanos(1), () -> now);
    private final MapperChain mappers = mock(MapperChain.class);
    private final BatchReader reader =
            new BatchReader(consumer, mappers, new EventNames(EventFilter.all()), new Counters(), () -> now);

    private static Metric metric(String name, String group, Supplier<Object> value) {
        MetricName full = new MetricName(name, group, "", Map.of());
        return new Metric() {
            @Override
            public MetricName metricName() {
                return full;
            }

            @Override
            public Object metricValue() {
                return value.get();
            }
        };
    }

    @BeforeEach
    void describe() {
        leaderless();
    }

    private void leaderless(TopicPartition... partitions) {
        when(source.describe(any()))
                .thenReturn(CompletableFuture.completedStage(
                        new Description(LAYOUT.topics(), Set.of(), Set.of(), Set.of(partitions))));
        topics.ask();
    }

    private Position from(long first, long second) {
        return new Position(topics.layout(), new long[] {first, second});
    }

    private Batch read(long first, long second) {
        Position from = from(first, second);
        reader.moveTo(from, topics);
        return reader.read(from, Duration.ZERO);
    }

    private void assertEnd(Batch batch, long... expected) {
        assertArrayEquals(expected, batch.end().next());
    }

    private void assertLeavesOut(Batch batch) {
        assertTrue(batch.isEmpty());
        assertTrue(reader.leavesOut());
    }

    @Test
    void shouldReadOtherPartitionsWhileOneFailsAtAnOffset() {
        assertLeavesOut(read(CORRUPT, 7));
        assertEnd(read(CORRUPT, 7), CORRUPT, 8);
        assertTrue(reader.leavesOut());
        assertEquals(BitSet.valueOf(new long[] {2}), reader.read(from(CORRUPT, 7)), "the second one");
        assertEnd(read(CORRUPT, 30), CORRUPT, 31);
    }

    @Test
    void shouldTellOnceWhyAPartitionIsLeftOut() {
        read(CORRUPT, 7);
        assertTrue(reader.takeFailure().getMessage().contains("orders-0"));
        read(CORRUPT, 7);
        assertNull(reader.takeFailure());
    }

    @Test
    void shouldReadThePartitionAtOtherOffsetsMeanwhile() {
        assertLeavesOut(read(CORRUPT, 7));
        assertEnd(read(CORRUPT - 2, 7), CORRUPT - 1, 8);
        assertFalse(reader.leavesOut());
        assertEnd(read(CORRUPT + 1, 8), CORRUPT + 2, 9);
    }

    @Test
    void shouldReadThePartitionAgainAfterAWhile() {
        assertLeavesOut(read(CORRUPT, 7));
        now += FailingRecords.LEFT_OUT_NANOS - 1;
        assertEnd(read(CORRUPT, 7), CORRUPT, 8);
        now++;
        assertLeavesOut(read(CORRUPT, 8));
        mended = true;
        assertEnd(read(CORRUPT, 9), CORRUPT, 10);
        now += FailingRecords.LEFT_OUT_NANOS;
        assertEnd(read(CORRUPT, 10), CORRUPT + 1, 11);
        assertFalse(reader.leavesOut());
    }

    @Test
    void shouldTellForHowLongAPartitionThatFailsIsLeftOut() {
        assertLeavesOut(read(CORRUPT, 7));
        assertEquals(FailingRecords.LEFT_OUT_NANOS, leftOutNanos(CORRUPT, 7));
        now += 3;
        assertEquals(FailingRecords.LEFT_OUT_NANOS - 3, leftOutNanos(CORRUPT, 8));
        assertEquals(Long.MAX_VALUE, leftOutNanos(CORRUPT + 1, 7));
    }

    @Test
    void shouldTellForHowLongAPartitionThatDoesNotAnswerIsLeftOut() {
        mended = true;
        leaveTheFirstOutAt(1, 7);
        assertEquals(AwaitedFetches.SHORTEST_PAUSE, leftOutNanos(1, 7));
        assertEquals(AwaitedFetches.SHORTEST_PAUSE, leftOutNanos(2, 7));
        now += AwaitedFetches.SHORTEST_PAUSE;
        assertEquals(Long.MAX_VALUE, leftOutNanos(1, 7));
    }

    @Test
    void shouldNotTellForHowLongAPartitionHasNoLeader() {
        leaderless(FIRST);
        read(1, 7);
        assertEquals(Long.MAX_VALUE, leftOutNanos(1, 7));
    }

    private long leftOutNanos(long first, long second) {
        return reader.leftOutNanos(from(first, second));
    }

    @Test
    void shouldReadOtherPartitionsWhileOneHasNoLeader() {
        leaderless(FIRST);
        assertEnd(read(1, 7), 1, 8);
        assertTrue(reader.leavesOut());
        leaderless();
        assertEnd(read(1, 8), 2, 9);
    }

    @Test
    void shouldFailWhileNoPartitionHasALeader() {
        leaderless(FIRST, SECOND);
        assertThrows(TimeoutException.class, () -> read(1, 7));
    }

    /** Its clients wait, and there is nothing else to read for them. */
    @Test
    void shouldTryAllAgainWhereAllHaveFailed() {
        secondFails = true;
        assertLeavesOut(read(CORRUPT, 7));
        assertThrows(KafkaException.class, () -> read(CORRUPT, 7));
        assertEquals(Set.of(), consumer.assignment(), "nothing of what failed is kept");
        mended = true;
        assertEnd(read(CORRUPT, 7), CORRUPT + 1, 8);
    }

    /** What a consumer has fetched and cannot read fails again at each poll. What it has fetched of others is of use. */
    @Test
    void shouldKeepNothingOfWhatFailed() {
        read(CORRUPT, 7);
        assertEquals(Set.of(SECOND), consumer.assignment());
    }

    /** Kafka remembers the leader epoch where it has read, and so finds where the log diverges from the next leader's. */
    @Test
    void shouldKeepWhatAPartitionWithoutALeaderWasReadTo() {
        read(1, 7);
        leaderless(FIRST);
        read(2, 8);
        assertEquals(Set.of(FIRST), consumer.paused());
        assertEquals(2, consumer.position(FIRST));
    }

    private void leaveTheFirstOutAt(long first, long second) {
        silent = true;
        read(first, second);
        consumer.updateEndOffsets(Map.of(FIRST, first + 50, SECOND, second));
        assertTrue(reader.leaveOutUnanswered(true));
        assertLeavesOut(read(first + 1, second));
    }

    @Test
    void shouldReadAPartitionAgainThatAnswersWithoutRecords() {
        mended = true;
        leaveTheFirstOutAt(1, 7);
        markers = 3;
        assertEnd(read(1, 7), 4, 7);
        silent = false;
        assertEnd(read(4, 7), 5, 8);
    }

    @Test
    void shouldAwaitNoFetchThatTheConsumerHasLetGoOf() {
        mended = true;
        leaveTheFirstOutAt(1, 7);
        reader.forget();
        silent = false;
        assertEnd(read(2, 7), 3, 8);
    }

    /** An answer from before was that of another fetch. */
    @Test
    void shouldLeaveNothingOutWhileNoBrokerHasAnswered() {
        silent = true;
        read(1, 7);
        consumer.updateEndOffsets(Map.of(FIRST, 50L, SECOND, 7L));
        answersOfPoll = 0;
        read(1, 7);
        assertFalse(reader.leaveOutUnanswered(true));
        answersOfPoll = 1;
        read(1, 7);
        assertFalse(reader.leaveOutUnanswered(false), "there is still time");
        assertTrue(reader.leaveOutUnanswered(true));
    }

    @Test
    void shouldTellOnceThatABrokerDoesNotAnswer() {
        leaveTheFirstOutAt(1, 7);
        KafkaException told = reader.takeFailure();
        assertInstanceOf(TimeoutException.class, told);
        assertTrue(told.getMessage().contains("orders-0"), told::getMessage);
        read(1, 7);
        assertTrue(reader.leaveOutUnanswered(false), "nobody waits for it twice");
        assertNull(reader.takeFailure());
    }

    /** The consumer knows the end as of its last answer. Another one may have read further since. */
    @Test
    void shouldNotLeaveOutAPartitionThatIsPastItsKnownEnd() {
        silent = true;
        read(1, 7);
        consumer.updateEndOffsets(Map.of(FIRST, 50L, SECOND, 4L));
        assertTrue(reader.leaveOutUnanswered(true));
        assertEquals(Set.of(), consumer.paused());
        read(2, 7);
        assertEquals(Set.of(FIRST), consumer.paused());
    }

    /** Kafka asks for the end of a log apart from the fetch, which waits all the same. */
    @Test
    void shouldLeaveOutWhatIsLateAgainAlsoIfItsEndIsKnownByNow() {
        leaveTheFirstOutAt(1, 7);
        read(1, 7);
        consumer.updateEndOffsets(Map.of(FIRST, 1L));
        assertTrue(reader.leaveOutUnanswered(false));
        assertTrue(reader.leavesOut());
    }

    /** Others do not wait for the mapper either. */
    @Test
    void shouldReadAPartitionAnywhereAgainAsSoonAsItHasAnswered() {
        leaveTheFirstOutAt(1, 7);
        silent = false;
        doAnswer(call -> now += TimeUnit.SECONDS.toNanos(1)).when(mappers).encode(any(), any());
        assertEnd(read(1, 7), 1, 8);
        assertFalse(reader.leavesOut());
        read(3, 8);
        assertFalse(reader.leavesOut());
    }

    @Test
    void shouldReadAPartitionAnywhereAgainThatHasNothingMore() {
        mended = true;
        leaveTheFirstOutAt(1, 7);
        consumer.updateEndOffsets(Map.of(FIRST, 1L));
        read(1, 7);
        assertTrue(reader.isAtEnd());
        silent = false;
        assertEnd(read(0, 7), 1, 8);
    }

    /** It would write a line to the log each time. */
    @Test
    void shouldNotAskForTheEndBeforeABrokerHasAnswered() {
        silent = true;
        answersOfPoll = 0;
        read(1, 7);
        consumer.updateEndOffsets(Map.of(FIRST, 1L, SECOND, 7L));
        assertFalse(reader.isAtEnd());
        assertEquals(0, lagQuestions);
        answersOfPoll = 1;
        read(1, 7);
        assertTrue(reader.isAtEnd());
    }
}
