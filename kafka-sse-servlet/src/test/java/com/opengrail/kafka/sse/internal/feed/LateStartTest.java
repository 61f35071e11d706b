package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.ReadingFollower;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream is open a second after its request, whether the brokers have answered or not: nothing is lost from then on. */
class LateStartTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final FakeSource source = new FakeSource();
    private final Feed feed = FeedFailuresTest.feed(source, new Counters());

    @AfterEach
    void stop() throws InterruptedException {
        feed.close();
        assertTrue(feed.awaitEnd(LIMIT.toMillis()), "the feed's thread has ended");
    }

    static Stream<Start> startsAtTheEnd() {
        return Stream.of(
                new Start.Latest(), new Start.UnknownId(), new Start.BeforeEnd(0), new Start.AtOffsets(Map.of()));
    }

    /** The feed has started, but the brokers are away when the client asks for offsets. */
    @ParameterizedTest
    @MethodSource("startsAtTheEnd")
    void shouldGiveWhatCameBeforeTheOffsetsWereTold(Start start) {
        feed.start();
        ReadingFollower first = new ReadingFollower();
        feed.join(new Start.Latest(), first);
        Await.until("the feed", LIMIT, () -> first.cursor() != null, () -> "no cursor");
        source.keepSilent();
        ReadingFollower client = new ReadingFollower();
        feed.join(start, client);
        client.open();
        assertGetsWhatComesBeforeTheAnswer(client);
    }

    @ParameterizedTest
    @MethodSource("startsAtTheEnd")
    void shouldGiveWhatCameSinceTheStreamWasOpened(Start start) {
        source.keepSilent();
        feed.start();
        ReadingFollower client = new ReadingFollower();
        feed.join(start, client);
        long openAt = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        Await.until("the stream to be open", LIMIT, () -> System.nanoTime() >= openAt, () -> "a clock that stands");
        assertGetsWhatComesBeforeTheAnswer(client);
    }

    private void assertGetsWhatComesBeforeTheAnswer(ReadingFollower client) {
        source.produce("key", "missed");
        source.tell();
        Await.until("the start", LIMIT, () -> client.cursor() != null, () -> "no cursor");
        source.produce("key", "later");
        Await.until("the last", LIMIT, () -> client.read().contains("later"), client.received()::toString);
        assertEquals(List.of("missed", "later"), client.received());
    }
}
