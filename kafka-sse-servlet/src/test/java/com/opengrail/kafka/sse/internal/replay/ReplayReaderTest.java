package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.cursor.WaitingReplay;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.ByteBudget;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.Description;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LogInPause;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read of Kafka is read once for all clients, and nobody waits for brokers without a limit. */
class ReplayReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int BYTES = 1 << 20;
    private static final ReplayOptions OPTIONS =
            new ReplayOptions(1, 10, BYTES, Duration.ofMillis(300), EventFilter.all(), "test");

    private final KafkaSource source = mock(KafkaSource.class);
    private final AtomicBoolean metadataChanged = new AtomicBoolean();
    private final BatchCache cache =
            new BatchCache(OPTIONS.cacheBytes(), new ByteBudget(Long.MAX_VALUE), System::nanoTime);
    private final LogConsumer consumer = new LogConsumer();
    private final Counters counters = new Counters();
    private long now = -7;
    private long mappingNanos;
    private final TopicWatch topics = new TopicWatch(List.of("orders"), source, SECOND, () -> now);
    private final ReplayReader reader = newReader(consumer);

    /** Gives ten records of a log at once, where it is told to. */
    private static class LogConsumer extends MockConsumer<byte[], byte[]> {
        private long first;
        private long end = 100;
        private byte[] value = new byte[10];
        private boolean silent;
        private RuntimeException failure;
        private Runnable whilePolled = () -> {};
        private int polls;
        private int moves;
        private int forgets;

        LogConsumer() {
            super("none");
        }

        @Override
        public synchronized void assign(Collection<TopicPartition> partitions) {
            moves++;
            // As Kafka's consumer forgets what is no longer assigned.
            resume(paused());
            super.assign(partitions);
        }

        @Override
        public synchronized void unsubscribe() {
            forgets++;
            super.unsubscribe();
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polls++;
            whilePolled.run();
            if (failure != null) {
                throw failure;
            }
            long from = position(PARTITION);
            if (from < first || from > end) {
                throw new OffsetOutOfRangeException(Map.of(PARTITION, from));
            }
            if (silent || from == end) {
                return ConsumerRecords.empty();
            }
            long to = Math.min(end, from + 10);
            seek(PARTITION, to);
            List<ConsumerRecord<byte[], byte[]>> records = LongStream.range(from, to)
                    .mapToObj(offset -> new ConsumerRecord<byte[], byte[]>("orders", 0, offset, null, value))
                    .toList();
            return new ConsumerRecords<>(Map.of(PARTITION, records), Map.of(PARTITION, new OffsetAndMetadata(to)));
        }

        @Override
        public synchronized OptionalLong currentLag(TopicPartition partition) {
            return silent ? OptionalLong.empty() : OptionalLong.of(end - position(partition));
        }

        @Override
        public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration timeout) {
            return Map.of(PARTITION, first);
        }
    }

    private static final Description ABSENT = new Description(List.of(), Set.of("orders"), Set.of(), Set.of());
    private static final Description REFUSED = new Description(List.of(), Set.of(), Set.of("orders"), Set.of());

    private Runnable whileMapping = () -> {};

    @BeforeEach
    void describe() {
        answer(LAYOUT);
        topics.ask();
    }

    private void answer(Layout layout) {
        answer(new Description(layout.topics(), Set.of(), Set.of(), Set.of()));
    }

    private void answer(Description described) {
        when(source.describe(any())).thenReturn(CompletableFuture.completedStage(described));
    }

    private ReplayReader newReader(LogConsumer ofReader) {
        MapperChain mappers = new MapperChain(
                true,
                (record, event, next) -> {
                    now += mappingNanos;
                    whileMapping.run();
                    next.accept(event);
                },
                null,
                null,
                new ReservedNames(Optional.empty()),
                new MappingFailures(() -> now));
        EventNames names = new EventNames(OPTIONS.streamed());
        BatchReader batches = new BatchReader(ofReader, mappers, names, counters, () -> now);
        return new ReplayReader(batches, metadataChanged, OPTIONS, cache, counters, () -> now);
    }

    private Position at(long offset) {
        return new Position(topics.layout(), new long[] {offset});
    }

    private Replay.Answer ask(long offset) {
        Replay request = new WaitingReplay(topics, "address", at(offset)).request();
        return reader.answer(request, SECOND, () -> false);
    }

    private Batch read(long offset) {
        return assertInstanceOf(Replay.Read.class, ask(offset)).batch();
    }

    @Test
    void shouldReadWhatFollowsThePosition() {
        Batch batch = read(20);
        assertEquals(at(20), batch.from());
        assertEquals(at(30), batch.end());
        assertEquals(10, counters.replayRecords.sum());
    }

    @Test
    void shouldReadOnceForAllAtAPlace() {
        Batch batch = read(20);
        assertTrue(reader.isAnsweredByBrokers());
        assertSame(batch, read(20));
        assertFalse(reader.isAnsweredByBrokers(), "that may have been long ago");
        assertSame(batch, read(25), "a part of it");
        Replay request = new WaitingReplay(topics, "address", at(20)).request();
        LogConsumer other = new LogConsumer();
        Replay.Answer answer = newReader(other).answer(request, SECOND, () -> false);
        assertSame(batch, assertInstanceOf(Replay.Read.class, answer).batch());
        assertEquals(1, consumer.polls + other.polls);
    }

    /** Its mapper may never return, and no other record is mapped after it. */
    @Test
    void shouldTellTheTopicOfARecordThatTakesLong() {
        List<String> told = new ArrayList<>();
        whileMapping = () -> told.add(reader.heldUpBy());
        mappingNanos = TimeUnit.MILLISECONDS.toNanos(99);
        assertEquals(at(22), read(20).end());
        mappingNanos = TimeUnit.MILLISECONDS.toNanos(200);
        assertEquals(at(23), read(22).end());
        assertEquals(Arrays.asList(null, null, "orders"), told);
        assertNull(reader.heldUpBy());
    }

    /** Otherwise all others wait until a slow mapper has seen all that one poll gives. */
    @Test
    void shouldEndABatchWhenMappersHaveTakenTheirTimeAndGoOnFromThere() {
        mappingNanos = TimeUnit.MILLISECONDS.toNanos(40);
        assertEquals(at(23), read(20).end());
        assertEquals(at(26), read(23).end());
        assertEquals(6, counters.replayRecords.sum());
        assertEquals(1, consumer.polls, "the rest of what was polled is not fetched again");
        assertEquals(at(29), read(26).end());
        assertEquals(at(30), read(29).end());
        assertEquals(1, consumer.polls);
        mappingNanos = 0;
        assertEquals(at(40), read(30).end());
        assertEquals(10 + 10, counters.replayRecords.sum());
    }

    @Test
    void shouldForgetTheRestOfWhatWasPolledIfOthersAskInBetween() {
        mappingNanos = TimeUnit.MILLISECONDS.toNanos(40);
        assertEquals(at(23), read(20).end());
        assertEquals(at(73), read(70).end());
        assertEquals(at(26), read(23).end());
        assertEquals(3, consumer.polls);
    }

    @Test
    void shouldMapOneRecordHoweverLongThatTakes() {
        mappingNanos = SECOND;
        assertEquals(at(21), read(20).end());
        assertEquals(at(22), read(21).end());
    }

    @Test
    void shouldNeverReadOfKafkaWhatIsBehindTheClient() {
        read(20);
        assertEquals(at(30), read(30).from());
        assertEquals(at(19), read(19).from());
    }

    @Test
    void shouldKeepForOthersWhatWasReadBeforeAFailure() {
        Batch batch = read(20);
        consumer.failure = new IllegalStateException("for the test");
        assertSame(consumer.failure, assertThrows(RuntimeException.class, () -> ask(30)));
        assertSame(batch, read(20));
    }

    @Test
    void shouldTellThatThereIsNothingYet() {
        assertTrue(read(100).isEmpty());
        assertTrue(reader.isAnsweredByBrokers());
        assertEquals(0, cache.bytes(), "there may be more soon");
    }

    @Test
    void shouldWaitForSilentBrokersNoLongerThanItMay() {
        consumer.silent = true;
        consumer.whilePolled = () -> now += SECOND / 4;
        assertNull(ask(20));
        assertEquals(4, consumer.polls);
    }

    @Test
    void shouldGiveWayToOthersWhileTheBrokersAreSilent() {
        consumer.silent = true;
        Replay request = new WaitingReplay(topics, "address", at(20)).request();
        assertNull(reader.answer(request, SECOND, () -> consumer.polls == 2));
        assertEquals(2, consumer.polls);
    }

    @Test
    void shouldFailIfTheTopicIsGone() {
        consumer.silent = true;
        consumer.whilePolled = () -> metadataChanged.set(true);
        answer(ABSENT);
        assertThrows(UnknownTopicOrPartitionException.class, () -> ask(20));
        assertEquals(1, consumer.polls);
        assertEquals(0, consumer.assignment().size(), "it would fetch again and again");
    }

    @Test
    void shouldTellWhereToContinueAfterRecordsThatAreGone() {
        Batch kept = read(20);
        Batch later = read(40);
        consumer.first = 40;
        Replay.Moved moved = assertInstanceOf(Replay.Moved.class, ask(30));
        assertEquals(at(40), moved.to());
        assertEquals(List.of(new Gap(PARTITION, 30, 40, Gap.Reason.RETENTION)), moved.gaps());
        assertSame(kept, read(20), "is true all the same");
        assertSame(later, read(40));
        assertEquals(1, counters.gaps.sum());
    }

    @Test
    void shouldForgetWhatATruncatedLogDoesNotHaveAnyMore() {
        Batch below = read(10);
        read(20);
        consumer.failure = new LogTruncationException(
                "for the test", Map.of(PARTITION, 30L), Map.of(PARTITION, new OffsetAndMetadata(25)));
        Replay.Moved moved = assertInstanceOf(Replay.Moved.class, ask(30));
        assertEquals(at(25), moved.to());
        assertEquals(List.of(new Gap(PARTITION, 30, 25, Gap.Reason.TRUNCATED)), moved.gaps());
        assertNull(cache.leadingOnFrom(at(20)));
        assertSame(below, cache.leadingOnFrom(at(10)));
    }

    @Test
    void shouldBelieveATruncationOnlyOfItsOwnPosition() {
        consumer.failure = new LogTruncationException(
                "for the test", Map.of(PARTITION, 70L), Map.of(PARTITION, new OffsetAndMetadata(5)));
        assertNull(ask(30), "asked again");
        assertEquals(0, counters.gaps.sum());
    }

    @Test
    void shouldContinueInATopicThatWasCreatedAnew() {
        Layout anew = new Layout(List.of(new Layout.Topic("orders", new Uuid(3, 4), 1)));
        answer(anew);
        consumer.end = 5;
        Replay.Moved moved = assertInstanceOf(Replay.Moved.class, ask(30));
        assertSame(topics.layout(), moved.to().layout());
        assertEquals(anew.topics(), topics.layout().topics());
        assertEquals(0, moved.to().next()[0]);
        assertEquals(List.of(new Gap(PARTITION, 30, 0, Gap.Reason.RECREATED)), moved.gaps());
    }

    private void assertFailsWithoutAMove(Class<? extends RuntimeException> failure) {
        int moves = consumer.moves;
        assertThrows(failure, () -> ask(40));
        assertEquals(moves, consumer.moves, "Kafka logs a line for each partition");
        assertEquals(0, consumer.assignment().size(), "it would fetch again and again");
    }

    @Test
    void shouldNotMoveTheConsumerToATopicThatIsGone() {
        Batch kept = read(20);
        answer(ABSENT);
        assertThrows(UnknownTopicOrPartitionException.class, topics::ask);
        assertFailsWithoutAMove(UnknownTopicOrPartitionException.class);
        assertFailsWithoutAMove(UnknownTopicOrPartitionException.class);
        assertEquals(1, consumer.forgets, "Kafka logs a line each time");
        assertSame(kept, read(20), "needs no broker");
        answer(LAYOUT);
        topics.ask();
        assertEquals(at(50), read(40).end());
    }

    @Test
    void shouldNotMoveTheConsumerAgainToATopicThatMayNotBeRead() {
        read(20);
        TopicAuthorizationException refusal = new TopicAuthorizationException("for the test");
        answer(REFUSED);
        consumer.failure = refusal;
        now += SECOND;
        assertSame(refusal, assertThrows(RuntimeException.class, () -> ask(30)));
        consumer.failure = null;
        assertFailsWithoutAMove(TopicAuthorizationException.class);
        answer(LAYOUT);
        topics.ask();
        assertEquals(at(50), read(40).end());
    }

    @Test
    void shouldTellThatATopicIsGoneAlsoIfItWasRefusedBefore() {
        answer(REFUSED);
        assertThrows(TopicAuthorizationException.class, topics::ask);
        answer(ABSENT);
        assertThrows(UnknownTopicOrPartitionException.class, topics::ask);
        assertFailsWithoutAMove(UnknownTopicOrPartitionException.class);
    }

    /** The request waited for its turn, or for records, while the topic was created anew. */
    @Test
    void shouldNotReadTheNewTopicAtOffsetsOfTheOld() {
        Replay request = new WaitingReplay(topics, "address", at(20)).request();
        Layout anew = new Layout(List.of(new Layout.Topic("orders", new Uuid(3, 4), 1)));
        answer(anew);
        topics.ask();
        assertEquals(new Uuid(3, 4), topics.layout().topic("orders").id());
        assertInstanceOf(Replay.Moved.class, reader.answer(request, SECOND, () -> false));
    }

    /** Its clients go on in the new one. */
    @Test
    void shouldTellThatATopicWasCreatedAnewAlsoWhileAPartitionIsLateAgain() {
        answer(new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2))));
        topics.ask();
        LogConsumer late = new LogConsumer() {
            @Override
            public synchronized OptionalLong currentLag(TopicPartition partition) {
                return OptionalLong.of(partition.equals(PARTITION) ? 1 : 0);
            }
        };
        late.silent = true;
        late.whilePolled = () -> now += SECOND;
        ReplayReader ofLate = newReader(late);
        Position position = new Position(topics.layout(), new long[] {20, 7});
        Replay first = new WaitingReplay(topics, "address", position).request();
        assertInstanceOf(Replay.Read.class, ofLate.answer(first, SECOND, () -> false));
        answer(new Layout(List.of(new Layout.Topic("orders", new Uuid(3, 4), 2))));
        late.whilePolled = () -> metadataChanged.set(true);
        Replay again = new WaitingReplay(topics, "address", position).request();
        assertInstanceOf(Replay.Moved.class, ofLate.answer(again, SECOND, () -> false));
    }

    private static final List<Layout.Topic> BOTH =
            List.of(new Layout.Topic("audit", new Uuid(5, 6), 1), new Layout.Topic("orders", new Uuid(1, 2), 1));

    static List<Description> withoutAudit() {
        return List.of(
                new Description(BOTH, Set.of(), Set.of("audit"), Set.of()),
                new Description(BOTH, Set.of(), Set.of(), Set.of(new TopicPartition("audit", 0))));
    }

    /**
     * READ of topic "audit" is refused, or it has no leader. A client of both topics is at the end of "orders" and behind the
     * window in "audit". It cannot join the window, so it asks again and again. Meanwhile another reads all of "orders" with
     * the same reader.
     */
    @ParameterizedTest
    @MethodSource("withoutAudit")
    void shouldNotHoldUpOthersForAClientThatNothingCanBeReadFor(Description described) {
        KafkaSource ofBoth = mock(KafkaSource.class);
        when(ofBoth.describe(any())).thenReturn(CompletableFuture.completedStage(described));
        TopicWatch watch = new TopicWatch(List.of("audit", "orders"), ofBoth, SECOND, () -> now);
        watch.ask();
        Position stuckPosition = new Position(watch.layout(), new long[] {0, 1_000});
        LogConsumer slow = new LogConsumer() {
            @Override
            public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
                now += polled.isEmpty() ? timeout.toNanos() : 1_000;
                return polled;
            }
        };
        slow.end = 1_000;
        ReplayQueue queue = new ReplayQueue(1, () -> now);
        LaneReader lanes = newLaneReader(queue, slow);
        WaitingReplay stuck = new WaitingReplay(watch, "stuck", stuckPosition);
        queue.add(stuck.request());
        WaitingReplay other = new WaitingReplay(topics, "other", at(0));
        queue.add(other.request());
        long start = now;
        long next = 0;
        int answersToStuck = 0;
        while (next < 1_000) {
            ReplayLane lane = takeLane(queue);
            lanes.runOnce(lane);
            queue.giveBack(lane);
            if (stuck.answer() != null) {
                answersToStuck++;
                stuck = new WaitingReplay(watch, "stuck", stuckPosition);
                queue.add(stuck.request());
            }
            if (other.answer() instanceof Replay.Read read) {
                next = read.batch().end().next()[0];
                other = new WaitingReplay(topics, "other", at(next));
                queue.add(other.request());
            }
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(now - start);
        assertTrue(millis < 1_000, "100 batches took " + millis + " ms, with " + answersToStuck + " empty answers");
    }

    private static ReplayLane takeLane(ReplayQueue queue) {
        try {
            return queue.take(0, 1_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private LaneReader newLaneReader(ReplayQueue queue, LogConsumer of) {
        Renewal renewal =
                new Renewal(source, new LogInPause(Duration.ZERO, Duration.ZERO, Duration.ZERO, () -> now), () -> now);
        return new LaneReader(queue, newReader(of), new ReplayHealth(counters, () -> now), renewal, () -> now);
    }

    /** The password may have been read from a file that has changed since. */
    @Test
    void shouldTellWhereAnotherConsumerMayLogIn() throws InterruptedException {
        LogConsumer refused = new LogConsumer() {
            @Override
            public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                throw new SaslAuthenticationException("for the test");
            }
        };
        for (boolean outdates : new boolean[] {true, false}) {
            when(source.isOutdatedBy(any(), any())).thenReturn(outdates);
            ReplayQueue queue = new ReplayQueue(1, () -> now);
            queue.add(new WaitingReplay(topics, "refused", at(0)).request());
            assertEquals(!outdates, newLaneReader(queue, refused).runOnce(takeLane(queue)));
        }
    }
}
