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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reader of replays does not keep its consumer for ever: the addresses of the brokers may be others by now. */
class ReplayRenewalTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int RECORDS = 300;

    private final AtomicLong aheadNanos = new AtomicLong();
    private final LongSupplier nanoTime = () -> System.nanoTime() + aheadNanos.get();
    private final FakeSource source = new FakeSource();
    private final Counters counters = new Counters();
    private final ReplayPool replays = new ReplayPool(
            source,
            new ReplayOptions(1, 10, 1 << 20, Duration.ofMillis(1), EventFilter.all(), "test"),
            counters,
            EngineThreads.ofCaller(),
            nanoTime);
    private final Feed feed = new Feed(
            List.of("orders"),
            "feed",
            new FeedSources(
                    source,
                    new ClientSources(replays, new OffsetLookups(source, nanoTime)),
                    "feeds",
                    counters,
                    EngineThreads.ofCaller(),
                    nanoTime,
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
        Await.until("all in the window", LIMIT, source::isReadToTheEnd, () -> "not read to the end");
    }

    @AfterEach
    void stop() throws InterruptedException {
        replays.close();
        feed.close();
        replays.awaitEnd(LIMIT.toMillis());
        assertTrue(feed.awaitEnd(LIMIT.toMillis()), "the feed's thread has ended");
        assertEquals(source.replayConsumers(), source.closedReplayConsumers(), "all are closed");
    }

    private void pass(Duration time) {
        aheadNanos.addAndGet(time.toNanos());
    }

    private void awaitConsumers(int made) {
        Await.until(
                "consumer " + made,
                LIMIT,
                () -> source.replayConsumers() == made,
                () -> source.replayConsumers() + " consumers");
    }

    @Test
    void shouldReplaceAConsumerThatGotNoAnswerForFiveMinutes() {
        source.leaveUnanswered(true);
        ReadingFollower client = new ReadingFollower();
        feed.join(new Start.Earliest(), client);
        awaitConsumers(1);
        pass(Duration.ofMinutes(5));
        awaitConsumers(2);
        source.leaveUnanswered(false);
        Await.until(
                "all records",
                LIMIT,
                () -> client.read().size() >= RECORDS,
                () -> client.received().size() + " records");
        assertEquals(2, source.replayConsumers());
    }

    @Test
    void shouldLetGoOfAConsumerThatHasBeenIdleForFourMinutes() {
        ReadingFollower client = new ReadingFollower();
        feed.join(new Start.Earliest(), client);
        Await.until("all records", LIMIT, () -> client.read().size() >= RECORDS, () -> "not all");
        assertEquals(0, source.closedReplayConsumers());
        pass(Duration.ofMinutes(4));
        Await.until("no consumer", LIMIT, () -> source.closedReplayConsumers() == 1, () -> "still there");
        assertEquals(1, source.replayConsumers(), "the next one is made when it is needed");
    }
}
