package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.NoReplays;
import com.opengrail.kafka.sse.testing.ReadingFollower;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a poll throws, the feed goes on where it was, or tells its clients why it cannot. */
class FeedFailuresTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    static final String TOPIC = "orders";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    private final FakeSource source = new FakeSource();
    private final Counters counters = new Counters();
    private final Feed feed = feed(source, counters);
    private final ReadingFollower client = new ReadingFollower();

    /** A feed of the topic. */
    static Feed feed(KafkaSource source, Counters counters, String... awaited) {
        return new Feed(
                List.of(TOPIC),
                "feed",
                new FeedSources(
                        source,
                        NoReplays.with(source),
                        "feeds",
                        counters,
                        EngineThreads.ofCaller(),
                        System::nanoTime,
                        InstantSource.system()),
                new FeedOptions(
                        1 << 20,
                        1 << 24,
                        Duration.ofMillis(1),
                        EventFilter.all(),
                        Duration.ofSeconds(5),
                        Set.of(awaited)),
                () -> 1 << 20,
                1 << 20);
    }

    @BeforeEach
    void start() {
        feed.start();
        feed.join(new Start.Latest(), client);
        Await.until("the start", LIMIT, () -> client.cursor() != null, () -> "no cursor");
    }

    @AfterEach
    void stop() throws InterruptedException {
        feed.close();
        assertTrue(feed.awaitEnd(LIMIT.toMillis()), "the feed's thread has ended");
    }

    static Stream<Supplier<Throwable>> failuresOfPolls() {
        return Stream.of(
                () -> new KafkaException("Received exception when fetching the next record"),
                () -> new CorruptRecordException("bad checksum"),
                () -> new TimeoutException("no answer"),
                () -> new DisconnectException("cut off"),
                () -> new UnknownServerException("who knows"),
                () -> new UnknownTopicOrPartitionException("deleted for a moment"),
                () -> new InvalidTopicException(Set.of(TOPIC)),
                () -> new UnsupportedVersionException("an old broker"),
                () -> new WakeupException(),
                () -> new InterruptException(new InterruptedException()),
                () -> new IllegalStateException("a bug"),
                () -> new OutOfMemoryError("for the test"),
                () -> new TopicAuthorizationException(Set.of(TOPIC)),
                () -> new SaslAuthenticationException("wrong password"),
                () -> new StackOverflowError("for the test"),
                () -> new NoClassDefFoundError("for the test"));
    }

    @ParameterizedTest
    @MethodSource("failuresOfPolls")
    void shouldGoOnWhereItWasAfterAPollThatFailed(Supplier<Throwable> failure) {
        produceAndRead("0");
        source.failOnce(failure);
        Await.until("the failure", LIMIT, source::hasFailed, () -> "no poll");
        produceAndRead("1");
        assertEquals(List.of("0", "1"), client.received());
    }

    static Stream<Supplier<Throwable>> lostOffsets() {
        return Stream.of(
                () -> new OffsetOutOfRangeException(Map.of(PARTITION, 1L)),
                () -> new LogTruncationException("another leader", Map.of(PARTITION, 1L), Map.of()),
                () -> new LogTruncationException(
                        "another leader", Map.of(PARTITION, 1L), Map.of(PARTITION, new OffsetAndMetadata(0))));
    }

    @ParameterizedTest
    @MethodSource("lostOffsets")
    void shouldTellAGapAndStartOverWhenTheLogIsNotTheSame(Supplier<Throwable> lost) {
        produceAndRead("0");
        source.failOnce(lost);
        produceAndRead("1");
        assertEquals(
                List.of(
                        "0",
                        "{\"topic\":\"orders\",\"partition\":0,\"from\":1,\"to\":0,\"reason\":\"truncated\"}",
                        "0",
                        "1"),
                client.received());
    }

    @Test
    void shouldCountTheRecordsOfATurnThatFailsAfterwards() {
        source.failAfterRecordsOnce(() -> new TopicAuthorizationException(Set.of(TOPIC)));
        produceAndRead("0");
        produceAndRead("1");
        Await.until("the poll after it", LIMIT, source::isReadToTheEnd, () -> "not read to the end");
        assertEquals(2, counters.tailRecords.sum());
    }

    @Test
    void shouldAskNothingWhileThereIsNoBrokerAndGoOnWhenThereIs() {
        produceAndRead("0");
        source.setAway(true);
        source.failOnce(() -> new TimeoutException("no answer"));
        awaitLooks(1);
        int asked = source.questions();
        source.produce("key", "1");
        awaitLooks(3);
        assertEquals(asked, source.questions());
        assertEquals(List.of("0"), client.received());
        source.setAway(false);
        Await.until("record 1", LIMIT, () -> client.read().contains("1"), client.received()::toString);
    }

    private void awaitLooks(int count) {
        Await.until(count + " looks for a broker", LIMIT, () -> source.looks() >= count, source::looks);
    }

    /** The consumer would log each attempt to connect. */
    @Test
    void shouldNotPollWhileNoBrokerCanBeReached() {
        produceAndRead("0");
        source.setAway(true);
        source.leaveUnanswered(true);
        awaitLooks(1);
        int polls = source.polls();
        awaitLooks(source.looks() + 3);
        assertEquals(polls, source.polls());
        assertEquals(0, feed.status().getFailures(), "it is no failure yet");
        source.leaveUnanswered(false);
        source.setAway(false);
        produceAndRead("1");
    }

    /** For each partition that is given back Kafka's client writes a line to the log. */
    @Test
    void shouldTakePartitionsAwayOnlyIfTheyWereRefused() {
        produceAndRead("0");
        source.failOnce(() -> new TimeoutException("no answer"));
        produceAndRead("1");
        source.failOnce(() -> new SaslAuthenticationException("wrong password"));
        Await.until("the failure", LIMIT, source::hasFailed, () -> "no poll");
        produceAndRead("1b");
        assertEquals(0, source.unsubscriptions());
        source.failOnce(() -> new TopicAuthorizationException(Set.of(TOPIC)));
        Await.until("the failure", LIMIT, source::hasFailed, () -> "no poll");
        produceAndRead("2");
        assertEquals(1, source.unsubscriptions());
    }

    /** The password may have been read from a file that has changed since. The usual pause would be longer than the limit. */
    @Test
    void shouldSoonLogInWithANewConsumerWhereThatUsesOtherCredentials() {
        produceAndRead("0");
        source.setOutdating(true);
        source.failOnce(() -> new SaslAuthenticationException("wrong password"));
        source.failOnce(() -> new SaslAuthenticationException("wrong password"));
        Await.until("the failures", LIMIT, source::hasFailed, () -> "no poll");
        produceAndRead("1");
        assertEquals(3, source.consumers());
        assertEquals(List.of("0", "1"), client.received());
    }

    private void produceAndRead(String value) {
        source.produce("key", value);
        Await.until("record " + value, LIMIT, () -> client.read().contains(value), client.received()::toString);
    }
}
