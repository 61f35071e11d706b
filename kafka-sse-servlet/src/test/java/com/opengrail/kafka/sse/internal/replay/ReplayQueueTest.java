package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.cursor.WaitingReplay;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.IdLine;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.FakeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Neither one feed nor one reader keeps the others waiting. */
class ReplayQueueTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int READERS = 3;
    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));

    private long now = -7;
    private final ReplayQueue queue = new ReplayQueue(READERS, () -> now);
    private final Map<Replay, String> clients = new HashMap<>();
    private final TopicWatch first = feed();
    private final TopicWatch second = feed();
    private final TopicWatch third = feed();

    private TopicWatch feed() {
        return feed("orders");
    }

    private TopicWatch feed(String... topics) {
        return new TopicWatch(List.of(topics), new FakeSource(), 1, () -> now);
    }

    private static Position at(long offset) {
        return new Position(LAYOUT, new long[] {offset});
    }

    private WaitingReplay ask(TopicWatch feed, String name, long offset) {
        WaitingReplay client = new WaitingReplay(feed, name, at(offset));
        clients.put(client.request(), name);
        queue.add(client.request());
        return client;
    }

    private ReplayLane take(int reader) {
        try {
            return queue.take(reader, 0);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whom a reader serves in one turn after the other, until there is nothing to do. */
    private List<String> serveAll(int reader) {
        List<String> served = new ArrayList<>();
        for (ReplayLane lane = take(reader); lane != null; lane = take(reader)) {
            served.add(clients.get(queue.request(lane)));
            queue.giveBack(lane);
        }
        return served;
    }

    @Test
    void shouldLetFeedsTakeTurns() {
        ask(first, "a1", 1);
        ask(first, "a2", 2);
        ask(second, "b1", 1);
        ask(second, "b2", 2);
        assertEquals(List.of("a1", "b1", "a2", "b2"), serveAll(0));
    }

    @Test
    void shouldGiveAnAddressNoMoreTurnsForFollowingManyFeeds() {
        for (TopicWatch feed : List.of(second, third, feed(), feed())) {
            ask(feed, "greedy", 1);
        }
        for (int i = 0; i < 3; i++) {
            ask(first, "modest", i);
        }
        List<String> inTurn = List.of("greedy", "modest", "greedy", "modest", "greedy", "modest", "greedy");
        assertEquals(inTurn, serveAll(0));
    }

    @Test
    void shouldLetAFeedInThatComesLater() {
        for (int i = 0; i < 5; i++) {
            ask(first, "a" + i, i);
        }
        ReplayLane lane = take(0);
        queue.request(lane);
        ask(second, "b", 1);
        queue.giveBack(lane);
        assertEquals(List.of("a1", "b", "a2", "a3", "a4"), serveAll(0));
    }

    @Test
    void shouldGiveAReaderItsOwnLaneFirst() {
        ask(first, "a1", 1);
        ask(second, "b1", 1);
        ReplayLane ofFirst = take(0);
        ReplayLane ofSecond = take(1);
        ask(first, "a2", 2);
        ask(second, "b2", 2);
        queue.giveBack(ofSecond);
        queue.giveBack(ofFirst);
        assertSame(ofFirst, take(0), "what it has fetched ahead is there");
    }

    @Test
    void shouldLetAReaderWithoutWorkTakeOverTheLaneOfAnother() {
        ask(first, "a1", 1);
        ask(second, "b1", 1);
        ask(second, "b2", 2);
        ReplayLane ofFirst = take(0);
        ReplayLane ofSecond = take(0);
        assertNotSame(ofFirst, ofSecond);
        queue.request(ofSecond);
        queue.giveBack(ofSecond);
        // The first reader has the other lane, and is busy with it.
        assertSame(ofSecond, take(1), "all of the lane goes to another reader");
        queue.giveBack(ofSecond);
        ask(third, "c", 1);
        assertSame(ofSecond, take(1), "and stays with it");
    }

    @Test
    void shouldGiveALaneToOneReaderAtATime() {
        ask(first, "a1", 1);
        ask(first, "a2", 2);
        ReplayLane lane = take(0);
        assertNull(take(1));
        assertNull(take(0));
        queue.giveBack(lane);
        assertSame(lane, take(1));
    }

    @Test
    void shouldForgetClientsThatHaveGone() {
        ask(first, "a1", 1).leave();
        ask(first, "a2", 2);
        ask(first, "a3", 3).leave();
        ReplayLane lane = take(0);
        assertEquals("a2", clients.get(queue.request(lane)));
        assertNull(queue.request(lane));
        queue.giveBack(lane);
        assertNull(take(0));
    }

    @Test
    void shouldForgetFeedsWithoutRequests() {
        ask(first, "a1", 1);
        ReplayLane lane = take(0);
        queue.request(lane);
        queue.giveBack(lane);
        ask(first, "a2", 2);
        assertNotSame(lane, take(0));
    }

    @Test
    void shouldGiveABatchToAllWhomItIsFor() {
        ask(first, "a", 5);
        ask(first, "b", 5);
        ask(first, "c", 7);
        ask(first, "d", 9);
        ask(second, "of another feed", 5);
        ReplayLane lane = take(0);
        queue.request(lane);
        Batch read = new Batch(at(5), 100, new IdLine());
        read.advance(0, 9);
        List<Replay> others = queue.answered(lane, at(5), read);
        assertEquals(List.of("b", "c"), others.stream().map(clients::get).toList());
        assertEquals("d", clients.get(queue.request(lane)));
    }

    @Test
    void shouldAnswerOnlyTheOneWhoAskedWhereTheLogHasChanged() {
        ask(first, "a", 5);
        ask(first, "b", 5);
        ReplayLane lane = take(0);
        queue.request(lane);
        assertEquals(List.of(), queue.answered(lane, at(5), null));
        assertEquals("b", clients.get(queue.request(lane)));
    }

    @Test
    void shouldServeOthersBeforeALaneThatPauses() {
        WaitingReplay silent = ask(first, "silent", 1);
        ReplayLane lane = take(0);
        queue.request(lane);
        assertFalse(queue.isToGiveWay(lane), "nobody waits");
        queue.unanswered(lane, silent.request(), 10 * MILLISECOND);
        queue.giveBack(lane);
        ask(second, "b", 1);
        assertEquals(List.of("b", "silent"), serveAll(0), "the silent one for want of others");
    }

    @Test
    void shouldGiveWayWhileTheBrokersOfALaneAreSilent() {
        WaitingReplay silent = ask(first, "silent", 1);
        ReplayLane lane = take(0);
        ask(second, "b", 1);
        assertFalse(queue.isToGiveWay(lane), "not before they were silent once");
        queue.unanswered(lane, queue.request(lane), 10 * MILLISECOND);
        assertTrue(queue.isToGiveWay(lane));
        take(1);
        assertFalse(queue.isToGiveWay(lane), "another reader has it");
        queue.answered(lane, silent.request().position(), null);
        ask(third, "c", 1);
        assertFalse(queue.isToGiveWay(lane), "they answer again");
    }

    /** A mapper may never return for the records of a topic. */
    @Test
    void shouldLeaveTheLastReaderForOtherTopicsThanOneWhoseMapperDoesNotReturn() {
        ask(feed("slow"), "s", 1);
        take(0).readBy(() -> "slow");
        ask(feed("slow", "other"), "s and o", 1);
        ask(feed("other", "slow"), "o and s", 1);
        ReplayLane second = take(1);
        assertNotNull(second, "there is a third reader");
        second.readBy(() -> "slow");
        assertNull(take(2));
        now += TimeUnit.HOURS.toNanos(1);
        assertNull(take(2));
        ask(feed("other"), "o", 1);
        ask(feed("another"), "a", 1);
        assertEquals(List.of("o", "a"), serveAll(2));
        queue.giveBack(second);
        assertEquals("o and s", clients.get(queue.request(take(2))));
    }

    /** Else both would come to the same record, whose mapper may never return. */
    @Test
    void shouldNotGiveTheLastReaderATopicToWhichAnotherMayCome() {
        ask(feed("elsewhere"), "e", 1);
        take(0);
        ask(feed("first", "second"), "f and s", 1);
        ReplayLane taken = take(1);
        ask(feed("first"), "f", 1);
        ask(feed("second"), "s", 1);
        assertNull(take(2), "the reader has just begun");
        taken.readBy(() -> null);
        assertNull(take(2), "it may come to both");
        taken.readBy(() -> "first");
        assertEquals(List.of("s"), serveAll(2));
        taken.readBy(() -> "second");
        assertEquals(List.of("f"), serveAll(2));
    }

    /** Otherwise a reader that is always busy with its own lane would never let the other one have its turn. */
    @Test
    void shouldLetLanesThatShareATopicTakeTurnsWhereNoOtherReaderIsLeft() {
        TopicWatch slow = feed("slow");
        TopicWatch both = feed("slow", "other");
        ask(feed("elsewhere"), "elsewhere", 1);
        take(2);
        ask(both, "both 1", 1);
        ReplayLane ofBoth = take(1);
        queue.request(ofBoth);
        ask(both, "both 2", 2);
        queue.giveBack(ofBoth);
        ask(slow, "slow 1", 1);
        ReplayLane ofSlow = take(0);
        assertEquals("slow 1", clients.get(queue.request(ofSlow)));
        ask(slow, "slow 2", 2);
        assertNull(take(1));
        queue.giveBack(ofSlow);
        assertEquals(List.of("both 2", "slow 2"), serveAll(0));
    }

    /** Two readers that are always busy with their own lanes would never both be free. */
    @Test
    void shouldLetALaneHaveItsTurnThatSharesATopicWithEachOfTwoBusyOnes() throws InterruptedException {
        ReplayQueue ofTwo = new ReplayQueue(2, () -> now);
        TopicWatch both = feed("first", "second");
        List<TopicWatch> own = List.of(feed("first"), feed("second"));
        List<ReplayLane> taken = new ArrayList<>();
        for (int reader = 0; reader < 2; reader++) {
            ofTwo.add(new WaitingReplay(own.get(reader), "a" + reader, at(1)).request());
            taken.add(ofTwo.take(reader, 0));
        }
        ofTwo.add(new WaitingReplay(both, "b", at(1)).request());
        for (int turn = 2; turn <= 3; turn++) {
            ofTwo.request(taken.get(0));
            ofTwo.add(new WaitingReplay(own.get(0), "a0", at(turn)).request());
            ofTwo.giveBack(taken.get(0));
            assertEquals(turn == 2 ? taken.get(0) : null, ofTwo.take(0, 0));
        }
        assertNull(ofTwo.take(0, 0), "the lane that is next waits for the other reader");
        taken.get(1).readBy(() -> "second");
        ReplayLane meanwhile = ofTwo.take(0, 0);
        assertSame(taken.get(0), meanwhile, "that one is held up");
        ofTwo.giveBack(meanwhile);
        taken.get(1).readBy(() -> null);
        assertNull(ofTwo.take(0, 0));
        for (int turn = 2; turn <= 3; turn++) {
            ofTwo.request(taken.get(1));
            ofTwo.add(new WaitingReplay(own.get(1), "a1", at(turn)).request());
            ofTwo.giveBack(taken.get(1));
            if (turn == 2) {
                assertSame(taken.get(1), ofTwo.take(1, 0), "it came first");
                assertNull(ofTwo.take(0, 0));
            }
        }
        assertEquals(both, ofTwo.request(ofTwo.take(1, 0)).topics());
    }

    /** What a reader has answered is followed by the next request of the same client. */
    private void answerAndAskAgain(ReplayQueue of, ReplayLane lane, String payer) {
        of.request(lane);
        of.add(new WaitingReplay(lane.topics(), payer, at(1)).request());
        of.giveBack(lane);
    }

    @Test
    void shouldServeALaneOfAReaderThoughAnotherReaderServesTheSameAddress() throws InterruptedException {
        ReplayQueue ofTwo = new ReplayQueue(2, () -> now);
        TopicWatch x = feed("x");
        TopicWatch y = feed("y");
        TopicWatch z = feed("z");
        ofTwo.add(new WaitingReplay(y, "a", at(1)).request());
        ReplayLane ofFirst = ofTwo.take(0, 0);
        ofTwo.add(new WaitingReplay(x, "a", at(1)).request());
        ReplayLane ofSecond = ofTwo.take(1, 0);
        ofTwo.add(new WaitingReplay(x, "a", at(2)).request());
        ofTwo.add(new WaitingReplay(z, "b", at(1)).request());
        ofTwo.request(ofSecond);
        ofTwo.giveBack(ofSecond);
        ofTwo.giveBack(ofTwo.take(1, 0));
        ofSecond = ofTwo.take(1, 0);
        List<String> served = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            served.addAll(ofSecond.topics().topics());
            answerAndAskAgain(ofTwo, ofFirst, "a");
            ofFirst = ofTwo.take(0, 0);
            answerAndAskAgain(ofTwo, ofSecond, ofSecond.topics().equals(z) ? "b" : "a");
            ofSecond = ofTwo.take(1, 0);
        }
        assertEquals(y, ofFirst.topics());
        assertEquals(List.of("z", "x", "z", "x", "z", "x"), served);
    }

    @Test
    void shouldLetALaneHaveItsTurnThatWaitsForTwoTopicsThoughItsAddressHasAnother() throws InterruptedException {
        ReplayQueue ofTwo = new ReplayQueue(2, () -> now);
        TopicWatch both = feed("first", "second");
        Map<TopicWatch, String> payers = new LinkedHashMap<>();
        payers.put(feed("x"), "a");
        payers.put(feed("first"), "b");
        payers.put(feed("second"), "c");
        payers.put(both, "a");
        payers.forEach((feed, payer) -> {
            ofTwo.add(new WaitingReplay(feed, payer, at(0)).request());
            ofTwo.add(new WaitingReplay(feed, payer, at(1)).request());
        });
        Map<TopicWatch, Integer> turns = new HashMap<>();
        ReplayLane[] taken = {ofTwo.take(0, 0), ofTwo.take(1, 0)};
        for (int i = 0; i < 100; i++) {
            ReplayLane lane = taken[i % 2];
            if (lane != null) {
                turns.merge(lane.topics(), 1, Integer::sum);
                answerAndAskAgain(ofTwo, lane, payers.get(lane.topics()));
            }
            taken[i % 2] = ofTwo.take(i % 2, 0);
        }
        assertTrue(turns.getOrDefault(both, 0) > 10, turns::toString);
    }

    @Test
    void shouldLetASingleReaderHaveAllLanes() {
        ReplayQueue ofOne = new ReplayQueue(1, () -> now);
        ofOne.add(new WaitingReplay(first, "a", at(1)).request());
        ofOne.add(new WaitingReplay(second, "b", at(1)).request());
        for (int i = 0; i < 2; i++) {
            try {
                ReplayLane lane = ofOne.take(0, 0);
                assertNotNull(lane);
                assertNotNull(ofOne.request(lane));
                ofOne.giveBack(lane);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void shouldWakeAReaderForANewRequest() throws InterruptedException {
        AtomicReference<ReplayLane> taken = new AtomicReference<>();
        Thread reader = awaitLane(queue, taken);
        ask(first, "a", 1);
        reader.join(LIMIT.toMillis());
        assertNotNull(taken.get());
    }

    @Test
    void shouldWakeAReaderForWhatTheFeedHasReadMeanwhile() throws InterruptedException {
        ReplayQueue timed = new ReplayQueue(READERS, System::nanoTime);
        Window window = new Window(1024, at(1));
        Replay request = new WaitingReplay(first, "a", at(1), window).request();
        timed.add(request);
        ReplayLane lane = timed.take(0, 0);
        assertEquals(request, timed.request(lane));
        for (int i = 0; i < 7; i++) {
            timed.nothingAt(lane, at(1), BitSet.valueOf(new long[] {1}), Long.MAX_VALUE);
        }
        timed.add(request);
        timed.giveBack(lane);
        AtomicReference<ReplayLane> taken = new AtomicReference<>();
        Thread reader = awaitLane(timed, taken);
        window.advance(0, 2);
        window.publish();
        reader.join(LIMIT.dividedBy(3).toMillis());
        assertEquals(lane, taken.get(), "half a minute before the next attempt");
    }

    private static Thread awaitLane(ReplayQueue queue, AtomicReference<ReplayLane> taken) {
        Thread reader = new Thread(() -> {
            try {
                taken.set(queue.take(0, TimeUnit.HOURS.toMillis(1)));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        reader.start();
        Await.until("the reader", LIMIT, () -> reader.getState() == Thread.State.TIMED_WAITING, reader::getState);
        return reader;
    }
}
