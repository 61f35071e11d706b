package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.cursor.WaitingReplay;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.ByteBudget;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.Description;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LogInPause;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.window.EventNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that wait for one partition, which is corrupt or silent, get what comes in the other, and hold up nobody. */
class StuckReplayTest {
    private static final TopicPartition BAD = new TopicPartition("orders", 0);
    private static final TopicPartition WELL = new TopicPartition("orders", 1);
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long CORRUPT = 5;
    private static final long END_OF_BAD = 1_000;
    private static final long TIME = 300 * SECOND;

    private long now = -7;
    private long endOfWell = 10;
    private int logged;

    /** The broker of the bad partition does not answer before. */
    private long silentUntil = Long.MIN_VALUE;

    /** Each poll gives one record of each partition. It counts the calls for which Kafka writes a line to the log. */
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
        @Override
        public synchronized void assign(Collection<TopicPartition> partitions) {
            logged++;
            super.assign(partitions);
        }

        @Override
        public synchronized void unsubscribe() {
            logged++;
            super.unsubscribe();
        }

        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            logged++;
            super.seek(partition, offset);
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            now += TimeUnit.MILLISECONDS.toNanos(1);
            if (silentUntil == Long.MIN_VALUE && assignment().contains(BAD) && position(BAD) == CORRUPT) {
                throw new KafkaException("Received exception when fetching the next record from " + BAD);
            }
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
            Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
            for (TopicPartition partition : assignment()) {
                long at = position(partition);
                boolean isSilent = paused().contains(partition) || partition.equals(BAD) && now < silentUntil;
                if (!isSilent && at < end(partition)) {
                    records.put(
                            partition,
                            List.of(new ConsumerRecord<>("orders", partition.partition(), at, null, new byte[10])));
                    next.put(partition, new OffsetAndMetadata(at + 1));
                    super.seek(partition, at + 1);
                }
            }
            now += records.isEmpty() ? timeout.toNanos() : 0;
            return new ConsumerRecords<>(records, next);
        }

        @Override
        public synchronized OptionalLong currentLag(TopicPartition partition) {
            return OptionalLong.of(end(partition) - position(partition));
        }
    };

    private final KafkaSource source = mock(KafkaSource.class);
    private final TopicWatch topics = new TopicWatch(List.of("orders"), source, SECOND, () -> now);
    private final ReplayQueue queue = new ReplayQueue(1, () -> now);
    private final LaneReader lanes = lanes();
    private final List<Follower> followers = new ArrayList<>();

    private LaneReader lanes() {
        when(source.describe(any()))
                .thenReturn(CompletableFuture.completedStage(
                        new Description(LAYOUT.topics(), Set.of(), Set.of(), Set.of())));
        topics.ask();
        Counters counters = new Counters();
        ReplayOptions options = new ReplayOptions(1, 10, 1 << 20, Duration.ofMillis(100), EventFilter.all(), "test");
        BatchReader batches = new BatchReader(
                consumer, mock(MapperChain.class), new EventNames(EventFilter.all()), counters, () -> now);
        BatchCache cache = new BatchCache(options.cacheBytes(), new ByteBudget(Long.MAX_VALUE), () -> now);
        ReplayReader reader = new ReplayReader(batches, new AtomicBoolean(), options, cache, counters, () -> now);
        Renewal renewal =
                new Renewal(source, new LogInPause(Duration.ZERO, Duration.ZERO, Duration.ZERO, () -> now), () -> now);
        return new LaneReader(queue, reader, new ReplayHealth(counters, () -> now), renewal, () -> now);
    }

    private long end(TopicPartition partition) {
        return partition.equals(BAD) ? END_OF_BAD : endOfWell;
    }

    /** A client that asks for the next batch as soon as it has one. */
    private final class Follower {
        private final String payer;
        private Position at;
        private WaitingReplay replay;
        private long answeredAt = now;
        private long longestWait;

        Follower(String payer, long inBad, long inWell) {
            this.payer = payer;
            this.at = new Position(topics.layout(), new long[] {inBad, inWell});
            ask();
        }

        private void ask() {
            replay = new WaitingReplay(topics, payer, at);
            queue.add(replay.request());
        }

        void look() {
            if (replay.answer() != null) {
                at = at.orLater(assertInstanceOf(Replay.Read.class, replay.answer())
                        .batch()
                        .end());
                longestWait = Math.max(longestWait, now - answeredAt);
                answeredAt = now;
                ask();
            }
        }
    }

    private void turn() throws InterruptedException {
        ReplayLane lane = queue.take(0, 0);
        if (lane == null) {
            now += SECOND / 20;
        } else {
            lanes.runOnce(lane);
            queue.giveBack(lane);
        }
        followers.forEach(Follower::look);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 70})
    void shouldGetWhatComesInTheOtherPartitionHoweverLongThatWasQuiet(int seconds) throws InterruptedException {
        Follower stuck = new Follower("address", CORRUPT, 0);
        followers.add(stuck);
        long next = now + seconds * SECOND;
        for (long end = now + TIME; now < end; turn()) {
            if (now >= next) {
                endOfWell++;
                next += SECOND;
            }
        }
        long missing = endOfWell - stuck.at.next()[WELL.partition()];
        assertTrue(missing <= 1, () -> missing + " records have not come");
        assertEquals(CORRUPT, stuck.at.next()[BAD.partition()]);
        long lines = logged / (TIME / (60 * SECOND));
        assertTrue(lines <= 20, () -> lines + " lines a minute");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    void shouldNotHoldUpOthersHoweverManyWait(int clients) throws InterruptedException {
        for (int i = 0; i < clients; i++) {
            followers.add(new Follower("address " + i, CORRUPT, endOfWell));
        }
        for (int i = 0; i < 10; i++) {
            turn();
        }
        // All of them are answered at once, and ask again at once.
        endOfWell++;
        Follower other = new Follower("other", CORRUPT + 1, endOfWell);
        followers.add(other);
        while (other.at.next()[BAD.partition()] < END_OF_BAD) {
            turn();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(other.longestWait);
        assertTrue(millis < 1_000, () -> "it waited for " + millis + " ms");
    }

    @Test
    void shouldNotHoldUpOthersHoweverManyWaitForASilentBroker() throws InterruptedException {
        silentUntil = now + TIME;
        for (int i = 0; i < 100; i++) {
            followers.add(new Follower("address " + i, i, endOfWell));
        }
        endOfWell = 20_000;
        Follower other = new Follower("other", END_OF_BAD, 0);
        followers.add(other);
        while (other.at.next()[WELL.partition()] < endOfWell) {
            turn();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(other.longestWait);
        assertTrue(millis < 2_000, () -> "it waited for " + millis + " ms");
        assertTrue(now < silentUntil, "the others flow");
    }

    @Test
    void shouldCatchUpOnceASilentBrokerAnswers() throws InterruptedException {
        silentUntil = now + 60 * SECOND;
        for (int i = 0; i < 10; i++) {
            followers.add(new Follower("address " + i, i, endOfWell));
        }
        while (now < silentUntil + 60 * SECOND) {
            turn();
        }
        followers.forEach(each -> assertEquals(END_OF_BAD, each.at.next()[BAD.partition()]));
    }
}
