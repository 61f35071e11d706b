package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.opengrail.kafka.sse.internal.cursor.ClientSources;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.NoReplays;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets one of the places for feeds when there are few. */
class FeedsTest {
    private static final long WINDOW_BYTES = 1 << 24;
    private static final long SHARED_BYTES = 3 << 21;

    private final FakeSource source = new FakeSource("orders");
    private long now;
    private final Feeds feeds = new Feeds(
            new FeedSources(
                    source,
                    new ClientSources(new NoReplays(), new OffsetLookups(source)),
                    "feeds-test",
                    new Counters(),
                    EngineThreads.ofCaller()),
            new FeedOptions(
                    WINDOW_BYTES,
                    SHARED_BYTES,
                    Duration.ofMillis(1),
                    EventFilter.all(),
                    Duration.ofSeconds(5),
                    Set.of("b", "a")),
            2,
            () -> now);

    @AfterEach
    void close() {
        feeds.close(1_000);
    }

    @Test
    void shouldRefuseOneFeedTooMany() {
        assertNotNull(feeds.enter(List.of("x")));
        assertNotNull(feeds.enter(List.of("y")));
        assertNull(feeds.enter(List.of("z")));
        assertNotNull(feeds.enter(List.of("x")), "of a feed that is there already any number takes part");
    }

    @Test
    void shouldLetTheFeedWithoutClientsGiveWayThatHasHadNoneForLongest() {
        Membership first = feeds.enter(List.of("x"));
        Membership second = feeds.enter(List.of("y"));
        second.leave();
        now = 1;
        first.leave();
        now = 2;
        assertNotNull(feeds.enter(List.of("z")));
        assertEquals(Set.of("x", "z"), feeds.statuses().keySet());
    }

    @Test
    void shouldAlwaysHaveAPlaceForTheDefaultTopics() {
        assertNotNull(feeds.enter(List.of("x")));
        assertNotNull(feeds.enter(List.of("y")));
        assertNotNull(feeds.enter(List.of("a", "b")));
        assertNull(feeds.enter(List.of("a")));
    }

    /** Otherwise requests for many combinations of topics would fill the memory. */
    @Test
    void shouldShareTheMemoryForWindowsAmongAllButTheDefaultTopics() {
        assertEquals(SHARED_BYTES, feeds.share(), "of one");
        assertEquals(SHARED_BYTES / 4, feeds.fetchBytes());
        feeds.enter(List.of("x"));
        feeds.enter(List.of("y"));
        assertEquals(SHARED_BYTES / 2, feeds.share());
        assertEquals(SHARED_BYTES / 8, feeds.fetchBytes());
        feeds.enter(List.of("a", "b"));
        assertEquals(SHARED_BYTES / 3, feeds.share());
        feeds.close(1_000);
        assertEquals(SHARED_BYTES, feeds.share());
    }

    @Test
    void shouldStartNothingAfterItIsClosed() {
        feeds.close(1_000);
        assertNull(feeds.enter(List.of("x")));
    }
}
