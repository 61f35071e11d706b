package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.cursor.FeedStart;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.BrokerAnswers;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LeaderEpochs;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.source.UnansweredPartitions;
import com.opengrail.kafka.sse.internal.source.UnknownTopicsException;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.NoFollower;
import com.opengrail.kafka.sse.testing.NoReplays;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Turns of a tail with a consumer that is in a state that is rare. */
class TailTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);

    private static final int WINDOW_BYTES = 1 << 20;
    private static final long TURN_NANOS = 1000;

    private long now = -7;

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
        @Override
        public synchronized OptionalLong currentLag(TopicPartition partition) {
            return OptionalLong.of(0);
        }

        @Override
        public synchronized void assign(Collection<TopicPartition> partitions) {
            assignments++;
            super.assign(partitions);
        }

        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            sought.add(partition);
            super.seek(partition, offset);
        }
    };
    private int assignments;
    private final List<TopicPartition> sought = new ArrayList<>();
    private final KafkaSource source = mock(KafkaSource.class);
    private final TopicWatch topics = mock(TopicWatch.class);
    private final BrokerAnswers brokers = mock(BrokerAnswers.class);
    private final FeedStatus status = new FeedStatus(new Counters(), () -> 0, TimeUnit.SECONDS.toNanos(10), () -> now);
    private final FilterGroups groups = new FilterGroups(System::nanoTime);
    private Window window;

    /** Whoever takes all that there is whenever it is woken. */
    private final class Taker extends NoFollower {
        private long taken = window.end().sequence();

        @Override
        public void wake() {
            if (window.end().sequence() > taken) {
                assertNotNull(window.segmentOf(taken), "behind the window, after frame " + taken);
                taken = window.end().sequence();
            }
        }
    }

    private Tail tail(long... latest) {
        when(topics.layout()).thenReturn(LAYOUT);
        when(topics.ask()).thenReturn(LAYOUT);
        LogOffsets told = new LogOffsets(LAYOUT, new long[latest.length], latest, new long[0]);
        UnansweredPartitions unanswered = new UnansweredPartitions(told, Instant.now(), source, () -> 0);
        Position start = new Position(LAYOUT, told.zeroWhereUnknown().latest());
        window = new Window(WINDOW_BYTES, start);
        FeedMemory memory = new FeedMemory(
                window,
                groups,
                new EventNames(EventFilter.all()),
                new LeaderEpochs(),
                new NoReplays(),
                new FeedStart(start, unanswered));
        consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
        Tail tail = new Tail(consumer, new FakeSource().newMapperChain(), memory, topics, brokers, () -> now);
        tail.continueIn(LAYOUT);
        return tail;
    }

    private void turn(Tail tail) {
        now += TURN_NANOS;
        tail.runOnce(Duration.ZERO, () -> {});
        tail.reportLag(status);
    }

    /**
     * The last offset is a transaction marker, and the leader changed before the window had learned that the consumer is past
     * it. The new leader does not have these offsets.
     */
    @Test
    void shouldComeBackToTheEndOfTheWindowIfKafkaTellsOfAnotherOffset() {
        Tail tail = tail(100, 7);
        long segment = window.end().newest().number();
        consumer.seek(FIRST, 101);
        consumer.setPollException(truncation(101, 60));
        turn(tail);
        assertEquals(100, consumer.position(FIRST));
        assertEquals(7, consumer.position(SECOND));
        assertEquals(segment, window.end().newest().number(), "what the window holds stays there");
        consumer.setPollException(truncation(100, 60));
        turn(tail);
        assertEquals(60, consumer.position(FIRST));
        assertEquals(
                List.of(new Gap(FIRST, 100, 60, Gap.Reason.TRUNCATED)),
                window.end().newest().gaps());
    }

    private static LogTruncationException truncation(long from, long to) {
        return new LogTruncationException(Map.of(FIRST, from), Map.of(FIRST, new OffsetAndMetadata(to)));
    }

    /** After a failure the consumer may be the one before, or one that read what the window does not have. */
    @Test
    void shouldSeekOnlyWhereTheConsumerIsElsewhere() {
        Tail tail = tail(100, 7);
        consumer.seek(SECOND, 9);
        sought.clear();
        tail.continueIn(LAYOUT);
        assertEquals(List.of(SECOND), sought);
        assertEquals(100, consumer.position(FIRST));
        assertEquals(7, consumer.position(SECOND));
        consumer.unsubscribe();
        sought.clear();
        tail.continueIn(LAYOUT);
        assertEquals(List.of(FIRST, SECOND), sought);
    }

    /** Kafka writes a line to the log each time. */
    @Test
    void shouldAssignOnlyOtherPartitions() {
        Tail tail = tail(100, 7);
        assertEquals(1, assignments);
        tail.continueIn(LAYOUT);
        assertEquals(1, assignments);
        consumer.unsubscribe();
        tail.continueIn(LAYOUT);
        assertEquals(2, assignments);
    }

    /** The answer comes between two turns. A consumer without partitions must not be polled. */
    @Test
    void shouldFailAsKafkaDoesIfNoTopicCanBeReadAnyMore() {
        Tail tail = tail(100, 7);
        when(topics.unreadable()).thenReturn(Set.of("orders"));
        doThrow(new UnknownTopicsException(Set.of("orders"))).when(topics).requireReadable();
        assertThrows(UnknownTopicsException.class, () -> turn(tail));
    }

    /** Its past is to come. */
    @Test
    void shouldNotHaveAllOfTheLogWhileAPartitionHasNotAnswered() {
        when(source.offsets(any())).thenReturn(new CompletableFuture<>());
        Tail tail = tail(100, LogOffsets.UNKNOWN);
        turn(tail);
        assertEquals(Long.MAX_VALUE, status.nanosSinceEnd());
    }

    /** Its lag is that of its last answer. */
    @Test
    void shouldNotKnowTheEndOfALogWhoseLeaderIsSilent() {
        Tail tail = tail(100, 7);
        turn(tail);
        assertEquals(0, status.getLagRecords());
        when(brokers.silentFor(status.lateNanos())).thenReturn(Set.of(SECOND));
        turn(tail);
        assertEquals(0, status.getLagRecords(), "as of the last answer");
        assertEquals(2 * TURN_NANOS, status.nanosSinceEnd(), "nothing newer is known");
        tail.report(status);
        assertEquals("", status.getFailingPartitions());
        when(brokers.silentFor(status.silentNanos())).thenReturn(Set.of(SECOND));
        turn(tail);
        tail.report(status);
        assertEquals(-1, status.getLagRecords());
        assertEquals("orders-1", status.getFailingPartitions());
    }

    /** Many windows in one poll, and a record that is larger than a window. */
    @ParameterizedTest
    @CsvSource({"500, 40000", "1, 20000000", "3, 1000000"})
    void shouldLeaveNobodyBehindWhoTakesEverythingAtOnce(int records, int bytes) {
        Tail tail = tail(0, 0);
        Taker taker = new Taker();
        groups.join(EventFilter.all(), taker);
        byte[] value = "x".repeat(bytes).getBytes(UTF_8);
        for (int i = 0; i < records; i++) {
            consumer.addRecord(new ConsumerRecord<>("orders", 0, i, new byte[] {'k'}, value));
        }
        turn(tail);
        assertEquals(records, taker.taken);
        assertTrue(window.footprint() <= WINDOW_BYTES + 2L * bytes, () -> window.footprint() + " bytes");
    }

    /** What was produced meanwhile may not be among what the brokers have told of. */
    @Test
    void shouldHaveAllThatWasInTheLogBeforeTheLastTwoTurns() {
        Tail tail = tail(100, 7);
        turn(tail);
        turn(tail);
        assertEquals(TURN_NANOS, status.nanosSinceEnd());
    }
}
