package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.replay.BatchCache;
import com.opengrail.kafka.sse.internal.replay.ReplayOptions;
import com.opengrail.kafka.sse.internal.replay.ReplayReader;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import com.opengrail.kafka.sse.internal.source.TopicDescriber;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import com.opengrail.kafka.sse.testing.SseParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Clients that are behind the window near each other have the log read once. */
class ReplayTogetherTest {
    private static final String TOPIC = "orders";
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic(TOPIC, new Uuid(1, 2), 2)));
    private static final int END = 100;
    private static final int NAMES = 50;
    private static final int RECORDS_OF_A_POLL = 10;
    private static final int MOST_TURNS = 100;

    private final long[] end = {END, END};
    private final LogOfTwo consumer = new LogOfTwo();
    private final TopicWatch topics = new TopicWatch(List.of(TOPIC), new OneLayout(), Long.MAX_VALUE, 0);
    private final ReplayReader reader = newReader(1_000);

    ReplayTogetherTest() {
        topics.ask();
    }

    private ReplayReader newReader(int bufferSize) {
        return newReader(bufferSize, 1 << 20);
    }

    private ReplayReader newReader(int bufferSize, long cacheBytes) {
        return new ReplayReader(
                consumer,
                new MapperChain(
                        true, null, null, null, new ReservedNames(Optional.empty()), new MappingFailures(() -> 0)),
                new ReplayOptions(1, bufferSize, cacheBytes, Duration.ZERO, EventFilter.all(), "test"),
                new BatchCache(cacheBytes),
                place -> false);
    }

    @Test
    void shouldReadTheLogOnceForAClientThatIsFurtherInSomePartitions() {
        new Client(0, 0, ".*").readToTheEnd();
        int polls = consumer.polls;
        Client further = new Client(5, 33, ".*");
        further.readToTheEnd();
        assertEquals(polls, consumer.polls);
        assertEquals(expected(0, 5, END), further.of(0));
        assertEquals(expected(1, 33, END), further.of(1));
        assertArrayEquals(
                new Place(LAYOUT, end).id(), further.parser.lastEventId().getBytes(UTF_8));
    }

    @Test
    void shouldGiveIdsThatNameWhatTheClientHasSeenWhereItIsFurther() {
        ReplayReader ofSmallBuffers = newReader(RECORDS_OF_A_POLL);
        new Client(0, 0, ".*").readToTheEnd(ofSmallBuffers);
        Client further = new Client(5, 33, ".*");
        further.turn(ofSmallBuffers);
        assertEquals(expected(0, 5, RECORDS_OF_A_POLL), further.of(0));
        assertEquals(List.of(), further.of(1));
        assertArrayEquals(
                new Place(LAYOUT, new long[] {RECORDS_OF_A_POLL, 33}).id(),
                further.parser.lastEventId().getBytes(UTF_8));
    }

    @Test
    void shouldGiveAFilteringClientInOneTurnWhatHasBeenReadForOthers() {
        new Client(0, 0, ".*").readToTheEnd();
        Client filtering = new Client(0, 0, "k7,k9");
        filtering.turn(reader);
        assertEquals(List.of("0:7", "0:9", "0:57", "0:59", "1:7", "1:9", "1:57", "1:59"), filtering.received);
    }

    @Test
    void shouldNotLetMoreEventsWaitForAClientThanItsBufferHolds() {
        ReplayReader ofSmallBuffers = newReader(3);
        Client all = new Client(0, 0, ".*");
        Client filtering = new Client(0, 0, "k7,k9");
        all.readToTheEnd(ofSmallBuffers);
        int before = 0;
        for (int turn = 0; turn < MOST_TURNS && !filtering.isAtTheEnd(); turn++) {
            filtering.turn(ofSmallBuffers);
            assertTrue(filtering.received.size() - before <= 3, filtering.received::toString);
            before = filtering.received.size();
        }
        assertEquals(8, before);
    }

    @Test
    void shouldTellAClientThatIsFurtherThanWhatIsReadThatItsLogHasBeenTruncated() {
        new Client(0, 0, ".*").turn(reader);
        Client further = new Client(5, 90, ".*");
        end[1] = 50;
        further.readToTheEnd();
        assertEquals(
                List.of("{\"topic\":\"orders\",\"partition\":1,\"from\":90,\"to\":0,\"reason\":\"truncated\"}"),
                further.received.stream().filter(data -> data.startsWith("{")).toList());
        assertEquals(expected(0, 5, END), further.of(0));
        assertEquals(expected(1, 0, 50), further.of(1));
    }

    @Test
    void shouldReadAheadWhatTheClientAsksForNext() {
        Client client = new Client(0, 0, ".*");
        client.turn(reader);
        assertTrue(reader.readAhead());
        int polls = consumer.polls;
        client.turn(reader);
        assertEquals(polls, consumer.polls);
        assertEquals(expected(0, 0, 2 * RECORDS_OF_A_POLL), client.received);
        client.readToTheEnd();
        assertEquals(expected(0, 0, END), client.of(0));
        assertEquals(expected(1, 0, END), client.of(1));
    }

    @Test
    void shouldReadAheadNothingThatIsThereAlreadyOrForAClientThatIsAtTheEnd() {
        new Client(0, 0, ".*").readToTheEnd();
        Client second = new Client(0, 0, ".*");
        second.turn(newReader(RECORDS_OF_A_POLL));
        second.turn(reader);
        assertNull(reader.leadsOn());
        second.readToTheEnd();
        second.turn(reader);
        assertNull(reader.leadsOn());
    }

    @Test
    void shouldReadAheadNoBatchesOfWhichFewFitInTheCache() {
        Client client = new Client(0, 0, ".*");
        ReplayReader ofSmallCache = newReader(1_000, 8);
        client.turn(ofSmallCache);
        assertNull(ofSmallCache.leadsOn());
        client.readToTheEnd(ofSmallCache);
        assertEquals(expected(0, 0, END), client.of(0));
    }

    @Test
    void shouldTellTheClientAndNotTheLookAheadThatTheLogHasBeenTruncated() {
        Client client = new Client(0, 0, ".*");
        client.turn(reader);
        end[0] = RECORDS_OF_A_POLL / 2;
        assertFalse(reader.readAhead());
        client.turn(reader);
        assertEquals(
                List.of("{\"topic\":\"orders\",\"partition\":0,\"from\":10,\"to\":0,\"reason\":\"truncated\"}"),
                client.received.stream().filter(data -> data.startsWith("{")).toList());
    }

    private static List<String> expected(int partition, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(offset -> partition + ":" + offset)
                .toList();
    }

    /** A client whose cursor is a replay for ever. */
    private final class Client {
        private final Replay replay;
        private final List<String> received = new ArrayList<>();
        private final SseParser parser = new SseParser((id, type, data) -> received.add(data));

        Client(long first, long second, String filter) {
            replay = new Replay(
                    new Place(LAYOUT, new long[] {first, second}),
                    EventFilter.parse(filter),
                    new ReadingFollower(),
                    topics);
        }

        void turn(ReplayReader by) {
            assertEquals(ReplayReader.Served.DONE, by.serve(replay));
            Slice slice = new Slice();
            replay.take(slice);
            parser.feed(slice.bytes(), slice.from(), slice.length());
            replay.ask();
        }

        void readToTheEnd() {
            readToTheEnd(reader);
        }

        void readToTheEnd(ReplayReader by) {
            for (int turn = 0; turn < MOST_TURNS && !isAtTheEnd(); turn++) {
                turn(by);
            }
            assertTrue(isAtTheEnd(), replay.place()::toString);
        }

        boolean isAtTheEnd() {
            return replay.place().equals(new Place(LAYOUT, end));
        }

        List<String> of(int partition) {
            return received.stream()
                    .filter(data -> data.startsWith(partition + ":"))
                    .toList();
        }
    }

    /** As a real one does with what it has fetched, it gives all of one partition before it turns to the next. */
    private final class LogOfTwo extends MockConsumer<byte[], byte[]> {
        private int polls;

        LogOfTwo() {
            super("none");
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polls++;
            for (TopicPartition partition : LAYOUT.partitions()) {
                if (position(partition) > end[partition.partition()]) {
                    throw new OffsetOutOfRangeException(Map.of(partition, position(partition)));
                }
            }
            for (TopicPartition partition : LAYOUT.partitions()) {
                long from = position(partition);
                long to = Math.min(from + RECORDS_OF_A_POLL, end[partition.partition()]);
                if (from < to) {
                    seek(partition, to);
                    List<ConsumerRecord<byte[], byte[]>> records = Stream.iterate(from, o -> o < to, o -> o + 1)
                            .map(offset -> record(partition, offset))
                            .toList();
                    return new ConsumerRecords<>(
                            Map.of(partition, records), Map.of(partition, new OffsetAndMetadata(to)));
                }
            }
            return ConsumerRecords.empty();
        }

        private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset) {
            byte[] key = ("k" + offset % NAMES).getBytes(UTF_8);
            byte[] value = (partition.partition() + ":" + offset).getBytes(UTF_8);
            return new ConsumerRecord<>(TOPIC, partition.partition(), offset, key, value);
        }

        @Override
        public synchronized OptionalLong currentLag(TopicPartition partition) {
            return OptionalLong.of(end[partition.partition()] - position(partition));
        }

        @Override
        public synchronized Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
            return Map.of(partitions.iterator().next(), 0L);
        }
    }

    private static final class OneLayout implements TopicDescriber {
        @Override
        public CompletionStage<Layout> describe(List<String> topics) {
            return CompletableFuture.completedStage(LAYOUT);
        }

        @Override
        public void close() {}
    }
}
