package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.cursor.ClientSources;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.replay.ReplayOptions;
import com.opengrail.kafka.sse.internal.replay.ReplayPool;
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.ReadingFollower;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a poll of a replay throws, the client goes on where it was, and others do not wait with it. */
class ReplayFailuresTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String TOPIC = "orders";
    private static final int RECORDS = 300;
    private static final int BUFFER_SIZE = 10;
    private static final int REPLAY_BYTES = 1 << 20;

    private final FakeSource source = new FakeSource();
    private final Counters counters = new Counters();
    private final ReplayPool replays = new ReplayPool(
            source,
            new ReplayOptions(1, BUFFER_SIZE, REPLAY_BYTES, Duration.ofMillis(1), EventFilter.all(), "test"),
            counters,
            EngineThreads.ofCaller(),
            System::nanoTime);
    private final Feed feed = new Feed(
            List.of(TOPIC),
            "feed",
            new FeedSources(
                    source,
                    new ClientSources(replays, new OffsetLookups(source, System::nanoTime)),
                    "feeds",
                    counters,
                    EngineThreads.ofCaller(),
                    System::nanoTime,
                    InstantSource.system()),
            new FeedOptions(1 << 10, 1 << 24, Duration.ofMillis(1), EventFilter.all(), Duration.ofSeconds(5), Set.of()),
            () -> 1 << 10,
            1 << 20);

    @BeforeEach
    void start() {
        feed.start();
        for (int i = 0; i < RECORDS; i++) {
            source.produce("key", Integer.toString(i));
        }
        // Only then are the first records no longer in the window, which would need no replay.
        Await.until("all in the window", LIMIT, source::isReadToTheEnd, () -> "not read to the end");
    }

    @AfterEach
    void stop() throws InterruptedException {
        replays.close();
        feed.close();
        replays.awaitEnd(LIMIT.toMillis());
        assertTrue(feed.awaitEnd(LIMIT.toMillis()), "the feed's thread has ended");
    }

    @ParameterizedTest
    @MethodSource("com.opengrail.kafka.sse.internal.feed.FeedFailuresTest#failuresOfPolls")
    void shouldGoOnWhereItWasAfterAPollThatFailed(Supplier<Throwable> failure) {
        source.failReplayOnce(failure);
        ReadingFollower client = new ReadingFollower();
        feed.join(new Start.Earliest(), client);
        awaitAll(client);
        assertTrue(source.hasFailed());
    }

    @Test
    void shouldReadNoMoreForAClientThatAsksForNothingMore() {
        ReadingFollower client = new ReadingFollower();
        feed.join(new Start.Earliest(), client);
        Await.until(
                "the first slice",
                LIMIT,
                () -> counters.replayRecords.sum() == BUFFER_SIZE,
                () -> counters.replayRecords.sum() + " records counted");
    }

    /** Otherwise a consumer keeps up to 50 MiB of each broker, whatever the setting says. */
    @Test
    void shouldFetchNoMoreAtOnceThanHalfOfTheMemoryForReplays() {
        ReadingFollower client = new ReadingFollower();
        feed.join(new Start.Earliest(), client);
        awaitAll(client);
        assertEquals(REPLAY_BYTES / 2, source.replayFetchBytes());
    }

    @Test
    void shouldServeOthersWhileOneClientsReplayFailsAgainAndAgain() {
        ReadingFollower unlucky = new ReadingFollower();
        source.failReplayOnce(() -> new KafkaException("a batch that cannot be read"));
        feed.join(new Start.Earliest(), unlucky);
        Await.until("the failure", LIMIT, source::hasFailed, () -> "no poll");
        ReadingFollower other = new ReadingFollower();
        feed.join(new Start.Earliest(), other);
        awaitAll(other);
        awaitAll(unlucky);
    }

    private static void awaitAll(ReadingFollower client) {
        Await.until(
                "all records",
                LIMIT,
                () -> client.read().size() >= RECORDS,
                () -> client.received().size() + " records");
        assertEquals(IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList(), client.received());
    }
}
