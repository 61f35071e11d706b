package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.cursor.ClientSources;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.NoReplays;
import com.opengrail.kafka.sse.testing.ReadingFollower;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream is open a second after its request, whether the brokers have answered or not: nothing is lost from then on. */
class LateStartTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String TOPIC = "orders";

    private final FakeSource source = new FakeSource(TOPIC);
    private final Feed feed = new Feed(
            List.of(TOPIC),
            "feed",
            new FeedSources(
                    source,
                    new ClientSources(new NoReplays(), new OffsetLookups(source)),
                    "feeds",
                    new Counters(),
                    EngineThreads.ofCaller()),
            new FeedOptions(1 << 20, 1 << 24, Duration.ofMillis(1), EventFilter.all(), Duration.ofSeconds(5), Set.of()),
            () -> 1 << 20,
            1 << 20);

    static Stream<Start> startsAtTheEnd() {
        return Stream.of(
                new Start.Latest(), new Start.UnknownId(), new Start.BeforeEnd(0), new Start.AtOffsets(Map.of()));
    }

    /** The feed has started, but the brokers are away when the client asks for offsets. */
    @ParameterizedTest
    @MethodSource("startsAtTheEnd")
    void shouldGiveWhatCameBeforeTheOffsetsWereTold(Start start) throws InterruptedException {
        feed.start();
        ReadingFollower first = new ReadingFollower();
        feed.join(new Start.Latest(), EventFilter.all(), first);
        Await.until("the feed", LIMIT, () -> first.cursor() != null, () -> "no cursor");
        source.keepSilent();
        ReadingFollower client = new ReadingFollower();
        feed.join(start, EventFilter.all(), client);
        client.open();
        source.produce("key", "missed");
        source.tell();
        Await.until("the start", LIMIT, () -> client.cursor() != null, () -> "no cursor");
        source.produce("key", "later");
        Await.until("the last", LIMIT, () -> client.read().contains("later"), client.received()::toString);
        assertEquals(List.of("missed", "later"), client.received());
        feed.close();
        assertTrue(feed.awaitEnd(LIMIT.toMillis()), "the feed's thread has ended");
    }

    @ParameterizedTest
    @MethodSource("startsAtTheEnd")
    void shouldGiveWhatCameSinceTheStreamWasOpened(Start start) throws InterruptedException {
        source.keepSilent();
        feed.start();
        ReadingFollower client = new ReadingFollower();
        feed.join(start, EventFilter.all(), client);
        long openAt = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        Await.until("the stream to be open", LIMIT, () -> System.nanoTime() >= openAt, () -> "a clock that stands");
        source.produce("key", "missed");
        source.tell();
        Await.until("the start", LIMIT, () -> client.cursor() != null, () -> "no cursor");
        source.produce("key", "later");
        Await.until("the last", LIMIT, () -> client.read().contains("later"), client.received()::toString);
        assertEquals(List.of("missed", "later"), client.received());
        feed.close();
        assertTrue(feed.awaitEnd(LIMIT.toMillis()), "the feed's thread has ended");
    }
}
