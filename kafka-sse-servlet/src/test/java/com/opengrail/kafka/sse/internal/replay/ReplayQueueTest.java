package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.feed.Batch;
import com.opengrail.kafka.sse.internal.feed.Opening;
import com.opengrail.kafka.sse.internal.feed.Place;
import com.opengrail.kafka.sse.internal.feed.Replay;
import com.opengrail.kafka.sse.internal.feed.Replays.Request;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Who reads for whom, and when. */
class ReplayQueueTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));
    private static final int FIRST = 0;
    private static final int SECOND = 1;

    private final BatchCache cache = new BatchCache(1 << 20);
    private final ReplayQueue queue = new ReplayQueue(2, cache);

    private static Place at(long offset) {
        return new Place(LAYOUT, new long[] {offset, 0});
    }

    private Request added(long offset) {
        Replay replay = mock(Replay.class);
        when(replay.readsOn()).thenReturn(at(offset));
        queue.add(replay);
        return replay;
    }

    private Request next(int reader) throws InterruptedException {
        return queue.next(reader, 0);
    }

    @Test
    void shouldKeepTheOrderWhereNoReaderIsNearer() throws Exception {
        queue.standsAt(FIRST, at(7));
        Request one = added(1);
        Request two = added(2);
        assertSame(one, next(SECOND));
        assertSame(two, next(FIRST));
        assertNull(next(FIRST));
    }

    @Test
    void shouldServeWhoIsFurtherBehindFirstSoThatWhatIsReadForItIsThereForTheNext() throws Exception {
        Request ahead = added(30);
        Request behind = added(10);
        Request between = added(20);
        assertSame(behind, next(FIRST));
        assertSame(between, next(FIRST));
        assertSame(ahead, next(FIRST));
    }

    @Test
    void shouldGiveEachATurnBeforeOneHasAnother() throws Exception {
        Request ahead = added(30);
        Request behind = added(10);
        assertSame(behind, next(FIRST));
        Request again = added(11);
        Request opening = mock(Opening.class);
        queue.add(opening);
        assertSame(ahead, next(FIRST));
        assertSame(opening, next(FIRST));
        assertSame(again, next(FIRST));
    }

    @Test
    void shouldLeaveWhatGoesOnWhereAReaderStandsToThatReader() throws Exception {
        queue.standsAt(FIRST, at(7));
        Request there = added(7);
        assertNull(next(SECOND));
        assertSame(there, next(FIRST));
    }

    @Test
    void shouldWakeTheReaderThatStandsThere() throws Exception {
        queue.standsAt(FIRST, at(7));
        CompletableFuture<Request> waiting = waitingFor(FIRST);
        Request there = added(7);
        // Whoever looks first, the right one has it in the end.
        assertNull(next(SECOND));
        assertSame(there, get(waiting));
    }

    @Test
    void shouldWakeAnotherReaderWhereTheOneThatStoodThereLetsGo() throws Exception {
        queue.standsAt(FIRST, at(7));
        Request there = added(7);
        CompletableFuture<Request> waiting = waitingFor(SECOND);
        queue.standsAt(FIRST, null);
        assertSame(there, get(waiting));
    }

    /** What a reader is given that has begun to wait before this returns, and waits for longer than the test. */
    private CompletableFuture<Request> waitingFor(int reader) {
        CompletableFuture<Request> given = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                given.complete(queue.next(reader, 2 * LIMIT.toMillis()));
            } catch (InterruptedException e) {
                given.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        Await.until("waiting", LIMIT, () -> thread.getState() == Thread.State.TIMED_WAITING, thread::getState);
        return given;
    }

    private static Request get(CompletableFuture<Request> waiting)
            throws InterruptedException, ExecutionException, TimeoutException {
        return waiting.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void shouldLetAnyReaderServeWhatHasBeenRead() throws Exception {
        queue.standsAt(FIRST, at(7));
        Batch batch = new Batch(LAYOUT, at(7).next(), 100);
        assertSame(batch, cache.keep(batch));
        Request there = added(7);
        assertSame(there, next(SECOND));
    }

    @Test
    void shouldLeaveWhatGoesOnFromWhereAReaderHasReadAheadToThatReaderOnce() throws Exception {
        Batch batch = new Batch(LAYOUT, at(7).next(), 100);
        queue.standsAt(FIRST, at(8), at(7));
        assertSame(batch, cache.keep(batch));
        Request there = added(7);
        assertNull(next(SECOND));
        assertSame(there, next(FIRST));
        Request again = added(7);
        assertSame(again, next(SECOND));
    }

    @Test
    void shouldServeWhatNoReaderIsNearerToWhileAnotherReaderIsAtWork() throws Exception {
        CompletableFuture<Request> waiting = waitingFor(SECOND);
        queue.standsAt(FIRST, at(7));
        Request elsewhere = added(1);
        assertSame(elsewhere, get(waiting));
    }

    @Test
    void shouldLetAnyReaderServeWhatOneHadReadAheadThatLetsGo() throws Exception {
        queue.standsAt(FIRST, at(8), at(7));
        queue.standsAt(FIRST, null);
        Request there = added(7);
        assertSame(there, next(SECOND));
    }

    @Test
    void shouldGiveToOthersWhatAReaderThatLetsGoWasToServe() throws Exception {
        queue.standsAt(FIRST, at(7));
        Request there = added(7);
        assertNull(next(SECOND));
        queue.standsAt(FIRST, null);
        assertSame(there, next(SECOND));
    }

    @Test
    void shouldNotLetOneThatGoesOnAllTheTimeKeepOthersWaiting() throws Exception {
        queue.standsAt(FIRST, at(7));
        List<Request> there = List.of(added(7), added(7), added(7));
        assertNull(next(SECOND));
        List<Request> elsewhere = List.of(added(1), added(2), added(3));
        List<Request> served = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            served.add(next(FIRST));
        }
        assertEquals(2, served.stream().filter(there::contains).count());
        assertEquals(2, served.stream().filter(elsewhere::contains).count());
    }

    @Test
    void shouldTryAgainLaterWhatHasFailedAndServeOthersMeanwhile() throws Exception {
        long start = System.nanoTime();
        Request failed = added(1);
        assertSame(failed, next(FIRST));
        queue.addLater(failed);
        assertNull(next(FIRST));
        Request other = added(2);
        assertSame(other, next(FIRST));
        assertSame(failed, queue.next(FIRST, LIMIT.toMillis()));
        assertTrue(System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(1));
    }
}
