package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.same;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import com.opengrail.kafka.sse.internal.cursor.CursorOpener;
import com.opengrail.kafka.sse.internal.cursor.Follower;
import com.opengrail.kafka.sse.internal.position.Start;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** Where clients start that have waited for the feed. */
class WaitingRoomTest {
    private static final Instant NOTHING_IS_KNOWN = Instant.MAX;

    private final CursorOpener opener = mock(CursorOpener.class);
    private Instant now = Instant.ofEpochSecond(1_000);
    private final WaitingRoom room = new WaitingRoom(() -> now);

    private Follower enter(Start start) {
        Follower client = mock(Follower.class);
        room.add(start, client);
        return client;
    }

    private void pass(long millis) {
        now = now.plusMillis(millis);
    }

    private Start startOf(Follower client) {
        ArgumentCaptor<Start> start = ArgumentCaptor.forClass(Start.class);
        verify(opener).open(start.capture(), same(client));
        return start.getValue();
    }

    private static Start openedAt(Instant then, String... newTopics) {
        return new Start.OpenedAt(new Start.Latest(), new Start.Since(then), Set.of(newTopics));
    }

    @Test
    void shouldStartWhereTheLogEndedWhenTheStreamWasOpened() {
        Instant came = now;
        Follower early = enter(new Start.Latest());
        Follower asksForThePast = enter(new Start.Earliest());
        pass(950);
        Follower late = enter(new Start.Latest());
        room.letAllIn(opener, NOTHING_IS_KNOWN);
        assertEquals(openedAt(came), startOf(early));
        assertEquals(new Start.Earliest(), startOf(asksForThePast));
        assertEquals(new Start.Latest(), startOf(late), "its stream is not open yet");
    }

    @Test
    void shouldStartAtTheEndWhereNothingWasProducedSince() {
        Follower client = enter(new Start.Latest());
        pass(2_000);
        room.letAllIn(opener, Instant.ofEpochSecond(1_000));
        assertEquals(new Start.Latest(), startOf(client));
    }

    /** The timestamps of its records may be older than it. */
    @Test
    void shouldTakeATopicForNewThatDidNotExistWhenTheStreamWasOpened() {
        Instant came = now;
        Follower client = enter(new Start.Latest());
        pass(10_000);
        room.absent(List.of("b", "c"));
        pass(10_000);
        room.absent(List.of("c"));
        pass(2_000);
        room.letAllIn(opener, came);
        assertEquals(openedAt(came, "b", "c"), startOf(client));
    }

    @Test
    void shouldTakeATopicForOldThatExistedWhenTheStreamWasOpened() {
        room.absent(List.of("b", "c"));
        pass(500);
        Instant cameSoon = now;
        Follower soon = enter(new Start.Latest());
        pass(500);
        Instant cameLate = now;
        Follower late = enter(new Start.Latest());
        pass(10_000);
        room.absent(List.of("c"));
        room.letAllIn(opener, NOTHING_IS_KNOWN);
        assertEquals(openedAt(cameSoon, "b", "c"), startOf(soon), "nobody has looked since it was absent");
        assertEquals(openedAt(cameLate, "c"), startOf(late));
    }
}
