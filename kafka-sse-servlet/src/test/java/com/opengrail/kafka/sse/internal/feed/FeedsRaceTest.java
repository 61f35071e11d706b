package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.NoReplays;
import com.opengrail.kafka.sse.testing.Race;
import com.opengrail.kafka.sse.testing.ReadingFollower;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Starting against stopping: whichever comes first, nothing is left running. */
class FeedsRaceTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final int ROUNDS = 400;

    private final String name = "feeds-race-" + TESTS.incrementAndGet();
    private final FakeSource source = new FakeSource();
    private final FeedOptions options =
            new FeedOptions(1 << 16, 1 << 24, Duration.ofMillis(1), EventFilter.all(), Duration.ofSeconds(5), Set.of());

    private Feeds newFeeds() {
        return new Feeds(
                new FeedSources(
                        source,
                        NoReplays.with(source),
                        name,
                        new Counters(),
                        EngineThreads.ofCaller(),
                        System::nanoTime,
                        InstantSource.system()),
                options,
                10);
    }

    private static void visit(Feeds feeds) {
        Membership membership = feeds.enter(List.of("orders"), "192.0.2.1");
        if (membership != null) {
            ReadingFollower follower = new ReadingFollower();
            membership.follow(new Start.Latest(), follower);
            membership.leave(follower);
        }
    }

    @Test
    void shouldLeaveNoFeedRunningIfClientsComeWhileAllIsClosed() throws InterruptedException {
        for (int i = 0; i < ROUNDS; i++) {
            Feeds feeds = newFeeds();
            Race.run(() -> visit(feeds), () -> visit(feeds), () -> feeds.close(1));
        }
        awaitNoneRunning();
    }

    @Test
    void shouldServeWhoComesWhileTheLastOneLeaves() throws InterruptedException {
        for (int i = 0; i < ROUNDS; i++) {
            Feeds feeds = newFeeds();
            ReadingFollower stays = new ReadingFollower();
            Race.run(
                    () -> visit(feeds),
                    () -> visit(feeds),
                    () -> feeds.enter(List.of("orders"), "192.0.2.1").follow(new Start.Latest(), stays));
            Await.until("a start", LIMIT, () -> stays.cursor() != null, () -> "refused: " + stays.failure());
            feeds.close(1);
        }
        awaitNoneRunning();
    }

    private void awaitNoneRunning() {
        Await.until("the end of all feeds", LIMIT, () -> running() == 0, this::running);
    }

    private long running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .count();
    }
}
