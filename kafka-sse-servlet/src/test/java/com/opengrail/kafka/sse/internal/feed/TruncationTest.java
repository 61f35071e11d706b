package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.match.Turns;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.testing.ReadingFollower;
import com.opengrail.kafka.sse.testing.SseParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * A log that has lost its newest records, of which the tail knows already: whoever is past its end is told so, and does not
 * wait in silence for the log to come that far again.
 */
class TruncationTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final int TRUNCATED = 10;
    private static final int MOST_STEPS = 1_000;
    private static final int PRODUCTIONS = 40;
    private static final int ELECTIONS = 200;
    private static final int WINDOW_FOR_ALL = 1 << 20;

    private final LogModel log = new LogModel(new Random(1), 1);
    private final FeedModel feed;
    private final long end;
    private int deaths;

    TruncationTest() {
        for (int i = 0; i < PRODUCTIONS; i++) {
            log.produceSome();
        }
        end = log.end(PARTITION);
        feed = new FeedModel(log, 400);
        feed.settle();
    }

    private void truncate() {
        log.truncate(PARTITION, TRUNCATED);
        feed.settle();
    }

    /** What a client has got, a slice at a time. */
    private static final class Client {
        private final ReadingFollower follower = new ReadingFollower();
        private final List<String> received = new ArrayList<>();
        private final SseParser parser = new SseParser((id, type, data) -> received.add(type + " " + data));
        private final Slice slice = new Slice();

        long lastOffset() {
            String id = parser.lastEventId();
            return id.isEmpty() ? -1 : Long.parseLong(id);
        }

        boolean takes() {
            if (follower.cursor() == null) {
                return false;
            }
            Turn turn = Turns.of(1000, () -> 0);
            turn.begin();
            slice.clear();
            follower.cursor().next(slice, turn);
            if (slice.length() > 0) {
                parser.feed(slice.bytes(), slice.from(), slice.length());
            }
            return slice.length() > 0;
        }
    }

    @Test
    void shouldTellAClientThatHasReplayedMoreThanThereIsAndIsAboutToGoLive() {
        Client client = new Client();
        feed.open(new Start.AtOffsets(Map.of(0, log.beginning(PARTITION))), client.follower);
        int steps = 0;
        while (client.lastOffset() < end - TRUNCATED) {
            feed.replayTurn();
            client.takes();
            assertTrue(steps++ < MOST_STEPS, client.received::toString);
        }
        assertFalse(client.follower.cursor().isLive());
        truncate();
        assertToldOfIt(client);
    }

    @Test
    void shouldLetNewClientsStartAtTheEndThatThereIs() {
        truncate();
        Client client = new Client();
        feed.open(new Start.Latest(), client.follower);
        log.produceSome();
        feed.settle();
        for (int step = 0; step < MOST_STEPS; step++) {
            feed.replayTurn();
            client.takes();
        }
        assertEquals(
                List.of(),
                client.received.stream()
                        .filter(each -> each.contains("truncated"))
                        .toList());
        assertTrue(client.follower.cursor().isLive());
    }

    /** The tail may die after the first records of the new leader, when it last knew the epoch of the old one. */
    @Test
    void shouldNotTakeTheElectionOfALeaderForATruncation() {
        FeedModel following = new FeedModel(log, WINDOW_FOR_ALL);
        Client client = new Client();
        following.open(new Start.Latest(), client.follower);
        for (int election = 0; election < ELECTIONS; election++) {
            log.produceSome();
            log.truncate(PARTITION, 0);
            log.produceSome();
            following.turn(this::dieNowAndThen);
            following.settle();
            while (client.takes()) {
                assertFalse(isTold(client), client.received::toString);
            }
        }
        assertEquals(lastWithEvents(), client.lastOffset());
        assertTrue(deaths > ELECTIONS / 10);
    }

    /** Some records have no events. */
    private long lastWithEvents() {
        List<LogModel.Logged> all =
                log.matching(PARTITION, log.beginning(PARTITION), log.end(PARTITION), event -> true);
        return all.get(all.size() - 1).offset();
    }

    private void dieNowAndThen() {
        if (log.random(5) == 0) {
            deaths++;
            throw new OutOfMemoryError("for the test");
        }
    }

    private void assertToldOfIt(Client client) {
        for (int step = 0; step < MOST_STEPS && !isTold(client); step++) {
            feed.replayTurn();
            client.takes();
        }
        assertTrue(isTold(client), client.received::toString);
    }

    private boolean isTold(Client client) {
        return client.received.stream().anyMatch(each -> each.contains("\"reason\":\"truncated\""));
    }
}
