package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.cursor.WaitingReplay;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.Window;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Addresses take turns, and a position where reading fails holds up nobody else. */
class ReplayLaneTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_PAUSE = SECOND / 2;
    private static final long LONGEST_PAUSE = 30 * SECOND;
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));

    private final ReplayLane lane = new ReplayLane(null);
    private final Map<Replay, String> clients = new HashMap<>();
    private long now = -7;

    private static Position at(long offset) {
        return new Position(LAYOUT, new long[] {offset});
    }

    private WaitingReplay ask(String payer, String name, long offset) {
        WaitingReplay client = new WaitingReplay(null, payer, at(offset));
        clients.put(client.request(), name);
        lane.add(client.request());
        return client;
    }

    private String next() {
        return clients.get(lane.next(now));
    }

    private List<String> all() {
        List<String> all = new ArrayList<>();
        for (Replay next = lane.next(now); next != null; next = lane.next(now)) {
            all.add(clients.get(next));
        }
        return all;
    }

    @Test
    void shouldLetAddressesTakeTurns() {
        ask("greedy", "g1", 1);
        ask("greedy", "g2", 2);
        ask("greedy", "g3", 3);
        ask("modest", "m1", 4);
        ask("other", "o1", 5);
        assertEquals(List.of("g1", "m1", "o1", "g2", "g3"), all());
    }

    @Test
    void shouldNotLetAnAddressComeFirstThatAsksAgain() {
        ask("greedy", "g1", 1);
        ask("greedy", "g2", 2);
        ask("modest", "m1", 3);
        assertEquals("g1", next());
        ask("greedy", "g3", 4);
        assertEquals(List.of("m1", "g2", "g3"), all());
    }

    @Test
    void shouldForgetClientsThatHaveGone() {
        ask("a", "a1", 1).leave();
        ask("a", "a2", 2).leave();
        ask("b", "b1", 3);
        assertEquals(List.of("b1"), all());
        ask("a", "a3", 4).leave();
        assertNull(next());
        assertTrue(lane.isIdle(now));
    }

    /** Each of them keeps a request of the container in memory, and the brokers may be silent for long. */
    @Test
    void shouldForgetAllThatHaveGoneThoughOthersComeFirst() {
        ask("patient", "p1", 1);
        for (int i = 0; i < 10; i++) {
            ask("stranger", "s" + i, 2 + i).leave();
        }
        assertEquals("p1", next());
        assertTrue(lane.isIdle(now));
    }

    @Test
    void shouldSetAsideWhoIsWhereReadingFails() {
        WaitingReplay failing = ask("a", "a1", 5);
        ask("b", "b1", 5);
        ask("a", "a2", 7);
        lane.failed(lane.next(now), now);
        assertEquals(List.of("a2"), all(), "those at other positions go on");
        ask("c", "c1", 5);
        assertEquals(List.of(), all(), "who comes later waits with them");
        assertFalse(lane.hasWork(now));
        assertEquals(FIRST_PAUSE, lane.untilDue(now));
        now += FIRST_PAUSE - 1;
        assertEquals(List.of(), all());
        now += 1;
        assertTrue(lane.hasWork(now));
        assertEquals(List.of("a1"), all(), "one tries again, the others wait for what comes of it");
        lane.answered(failing.request().position());
        assertEquals(List.of("b1", "c1"), all());
    }

    @Test
    void shouldTryAgainAfterPausesThatGrow() {
        ask("a", "a1", 5);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            lane.failed(lane.next(now), now);
            long pause = lane.untilDue(now);
            pauses.add(pause);
            now += pause;
        }
        assertEquals(
                List.of(
                        SECOND / 2,
                        SECOND,
                        2 * SECOND,
                        4 * SECOND,
                        8 * SECOND,
                        16 * SECOND,
                        LONGEST_PAUSE,
                        LONGEST_PAUSE),
                pauses);
        assertEquals("a1", next());
        lane.answered(at(5));
        ask("a", "a2", 5);
        lane.failed(lane.next(now), now);
        assertEquals(FIRST_PAUSE, lane.untilDue(now), "forgotten with an answer");
    }

    /** Otherwise a partition that is well again waits for the rest of a pause as long as that for which it is left out. */
    @Test
    void shouldAskAgainAsSoonAsWhatIsLeftOutMayBeRead() {
        ask("a", "a1", 5);
        long end = now + LONGEST_PAUSE;
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Replay request = lane.next(now);
            lane.nothingAt(request.position(), now, new BitSet(), end - now > 0 ? end - now : Long.MAX_VALUE);
            lane.add(request);
            long pause = lane.untilDue(now);
            pauses.add(pause);
            now += pause;
        }
        assertEquals(
                List.of(
                        SECOND / 2,
                        SECOND,
                        2 * SECOND,
                        4 * SECOND,
                        8 * SECOND,
                        LONGEST_PAUSE - 31 * SECOND / 2,
                        LONGEST_PAUSE,
                        LONGEST_PAUSE),
                pauses);
    }

    private WaitingReplay askInTwo(Window window) {
        WaitingReplay client =
                new WaitingReplay(null, "a", new Position(window.end().layout(), new long[] {5, 5}), window);
        clients.put(client.request(), "a1");
        lane.add(client.request());
        return client;
    }

    private static Window window() {
        Layout two = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));
        return new Window(1024, new Position(two, new long[] {5, 5}));
    }

    private void nothingIn(int partition, WaitingReplay client) {
        BitSet watched = new BitSet();
        watched.set(partition);
        Replay request = lane.next(now);
        assertEquals(client.request(), request);
        lane.nothingAt(request.position(), now, watched, Long.MAX_VALUE);
        lane.add(request);
    }

    private void pass(long nanos) {
        now += nanos;
        lane.lookAtFeed(now);
    }

    /** Otherwise the others would wait as long as a partition that is left out. */
    @Test
    void shouldAskAgainSoonAfterTheFeedHasReadMore() {
        Window window = window();
        WaitingReplay client = askInTwo(window);
        for (int i = 0; i < 5; i++) {
            nothingIn(1, client);
            pass(lane.untilDue(now));
        }
        nothingIn(1, client);
        assertEquals(16 * SECOND, lane.untilDue(now));
        assertEquals(FIRST_PAUSE, lane.untilLook(now));
        window.advance(0, 9);
        window.publish();
        pass(FIRST_PAUSE);
        assertFalse(lane.hasWork(now), "this partition is left out");
        assertEquals(FIRST_PAUSE, lane.untilLook(now));
        window.advance(1, 6);
        window.publish();
        pass(FIRST_PAUSE - 1);
        assertFalse(lane.hasWork(now));
        pass(1);
        assertTrue(lane.hasWork(now));
        assertEquals(Long.MAX_VALUE, lane.untilLook(now), "it knows by now");
        assertEquals("a1", next());
    }

    @Test
    void shouldAskAgainSoonAfterTheFeedHasOtherTopics() {
        Window window = window();
        WaitingReplay client = askInTwo(window);
        nothingIn(1, client);
        pass(lane.untilDue(now));
        nothingIn(1, client);
        Layout others = new Layout(List.of(new Layout.Topic("orders", new Uuid(3, 4), 2)));
        window.relocate(new Position(others, new long[] {0, 0}), List.of());
        window.publish();
        pass(FIRST_PAUSE);
        assertTrue(lane.hasWork(now));
    }

    @Test
    void shouldLookAtTheFeedOnlyForThoseWhoWaitForIt() {
        Window window = window();
        WaitingReplay client = askInTwo(window);
        nothingIn(1, client);
        assertEquals(FIRST_PAUSE, lane.untilLook(now));
        pass(FIRST_PAUSE);
        lane.failed(lane.next(now), now);
        assertEquals(Long.MAX_VALUE, lane.untilLook(now), "reading failed since");
        window.advance(1, 6);
        window.publish();
        pass(FIRST_PAUSE);
        assertFalse(lane.hasWork(now));
        now += lane.untilDue(now);
        nothingIn(1, client);
        client.leave();
        pass(lane.untilDue(now));
        assertNull(next());
        assertEquals(Long.MAX_VALUE, lane.untilLook(now), "the client has gone");
    }

    /** Otherwise the others would wait for ever. */
    @Test
    void shouldLetAnotherTryIfTheOneThatTriedHasGone() {
        WaitingReplay first = ask("a", "a1", 5);
        WaitingReplay second = ask("b", "b1", 5);
        lane.failed(lane.next(now), now);
        now += FIRST_PAUSE;
        assertEquals("a1", next());
        first.leave();
        ask("c", "c1", 5);
        now += FIRST_PAUSE - 1;
        assertNull(next());
        second.leave();
        now += 1;
        assertEquals("c1", next());
    }

    @Test
    void shouldForgetAPositionOfWhichAllHaveGone() {
        WaitingReplay only = ask("a", "a1", 5);
        lane.failed(lane.next(now), now);
        only.leave();
        assertFalse(lane.isIdle(now));
        now += FIRST_PAUSE;
        assertTrue(lane.hasWork(now), "nobody has looked after the client yet");
        assertNull(next());
        assertFalse(lane.isIdle(now), "another client may come to that position");
        assertFalse(lane.hasWork(now));
        now += LONGEST_PAUSE + 1;
        assertTrue(lane.isIdle(now), "no turn is needed for that");
        assertNull(next());
        ask("b", "b1", 5);
        lane.failed(lane.next(now), now);
        assertEquals(FIRST_PAUSE, lane.untilDue(now), "nothing is known of it any more");
    }

    @Test
    void shouldPauseForFourTimesAsLongAsTheBrokersWereSilent() {
        ask("a", "a1", 1);
        lane.unanswered(lane.next(now), now, SECOND);
        assertTrue(lane.isPausing());
        assertEquals(4 * SECOND, lane.untilDue(now));
        assertFalse(lane.hasWork(now));
        now += 4 * SECOND;
        assertTrue(lane.hasWork(now));
        assertTrue(lane.isPausing(), "until they answer");
        lane.answered(at(1));
        assertFalse(lane.isPausing());
    }

    /** Otherwise whoever tries again while a broker comes back waits for the longest pause once more. */
    @Test
    void shouldPauseNoLongerWhereReadingFailedBefore() {
        ask("a", "a1", 5);
        for (int i = 0; i < 8; i++) {
            lane.failed(lane.next(now), now);
            now += lane.untilDue(now);
        }
        lane.unanswered(lane.next(now), now, SECOND);
        assertEquals(4 * SECOND, lane.untilDue(now));
        now += 4 * SECOND;
        assertEquals("a1", next());
    }

    @Test
    void shouldWaitLongerForBrokersThatAreSlow() {
        ask("a", "a1", 1);
        List<Long> limits = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            limits.add(lane.limit());
            lane.unanswered(lane.next(now), now, SECOND);
        }
        assertEquals(List.of(SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 8 * SECOND), limits);
        lane.answered(at(1));
        assertEquals(SECOND, lane.limit());
    }

    @Test
    void shouldTakeAllWhomABatchIsFor() {
        ask("a", "a1", 1);
        ask("a", "a2", 2);
        ask("b", "b1", 1);
        ask("a", "a3", 1);
        List<Replay> taken = lane.takeAll(position -> position.next()[0] == 1);
        assertEquals(List.of("a1", "a3", "b1"), taken.stream().map(clients::get).toList());
        assertEquals(List.of("a2"), all());
        assertTrue(lane.isIdle(now));
    }

    @Test
    void shouldRankWhatAReaderMayTake() {
        assertEquals(ReplayLane.Rank.NONE, lane.rank(0, now), "no work");
        ask("a", "a1", 1);
        ReplayLane.Rank ofNobody = lane.rank(0, now);
        lane.take(0);
        assertEquals(ReplayLane.Rank.NONE, lane.rank(0, now), "taken");
        lane.giveBack();
        ReplayLane.Rank own = lane.rank(0, now);
        assertEquals(ofNobody, own);
        ReplayLane.Rank ofAnother = lane.rank(1, now);
        lane.unanswered(lane.next(now), now, SECOND);
        ReplayLane.Rank pausing = lane.rank(0, now);
        assertEquals(
                List.of(ReplayLane.Rank.values()),
                List.of(ReplayLane.Rank.NONE, pausing, ofAnother, own),
                "in this order");
        assertEquals(pausing, lane.rank(1, now));
    }
}
