package com.opengrail.kafka.sse.internal.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.Await;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriterLaneTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MANY_CLIENTS = 300;
    private static final int SOME_CLIENTS = 200;
    private static final long LONG_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private final Writers writers = new Writers(1, "test", EngineThreads.ofCaller(), System::nanoTime);
    private final WriterLane lane = writers.next();

    @ParameterizedTest
    @CsvSource({"0, 20", "1, 20", "12, 20", "14, 21", "20, 30", "36, 54", "40, 60", "60, 80", "1000, 1020"})
    void shouldBeginRoundsApartAndRestAfterLongOnes(long tookMillis, long apartMillis) {
        assertEquals(apartMillis, apartMillis(tookMillis, MANY_CLIENTS));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 2", "12, 24", "20, 40", "60, 80"})
    void shouldRestAsLongAsARoundOfSomeHundredClientsTook(long tookMillis, long apartMillis) {
        assertEquals(apartMillis, apartMillis(tookMillis, SOME_CLIENTS));
    }

    private static long apartMillis(long tookMillis, int clients) {
        long start = Long.MAX_VALUE - 5;
        long end = start + TimeUnit.MILLISECONDS.toNanos(tookMillis);
        return TimeUnit.NANOSECONDS.toMillis(WriterLane.nextRoundAt(start, end, clients) - start);
    }

    /** A long turn is followed by a long rest, which keep-alives and the end of a stream must not wait for. */
    @Test
    void shouldServeWhatIsDueWhileClientsWithExpensiveFiltersRest() {
        ClientWriter slow = expensive();
        ClientWriter due = expensive();
        AtomicLong rests = new AtomicLong();
        doAnswer(call -> {
                    long start = System.nanoTime();
                    while (System.nanoTime() - start < LONG_TURN_NANOS) {
                        LockSupport.parkNanos(LONG_TURN_NANOS);
                    }
                    rests.set(System.nanoTime());
                    return null;
                })
                .when(slow)
                .run(any(), any());
        AtomicLong served = new AtomicLong();
        doAnswer(call -> {
                    served.set(System.nanoTime());
                    return null;
                })
                .when(due)
                .runDue(any(), any());
        lane.execute(slow);
        lane.execute(due);
        lane.start();
        Await.until("the rest", LIMIT, () -> rests.get() != 0 && isResting(), this::state);
        when(due.isAnythingDue()).thenReturn(true);
        lane.wakeForDue();
        Await.until("what is due", LIMIT, () -> served.get() != 0, this::state);
        long waited = served.get() - rests.get();
        assertTrue(waited < 2 * LONG_TURN_NANOS, "served after " + waited + " ns");
        lane.close();
    }

    /** A predicate may leave the thread interrupted. Channels close when an interrupted thread writes, and no parking waits. */
    @Test
    void shouldKeepAnInterruptThatOneClientLeavesFromTheNext() {
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        ClientWriter one = mock(ClientWriter.class);
        ClientWriter next = mock(ClientWriter.class);
        doAnswer(call -> {
                    Thread.currentThread().interrupt();
                    return null;
                })
                .when(one)
                .run(any(), any());
        doAnswer(call -> {
                    interrupted.set(Thread.currentThread().isInterrupted());
                    Thread.currentThread().interrupt();
                    return null;
                })
                .when(next)
                .run(any(), any());
        lane.enter(one);
        lane.enter(next);
        lane.execute(one);
        lane.execute(next);
        lane.start();
        Await.until("the next turn", LIMIT, () -> interrupted.get() != null, this::state);
        assertEquals(false, interrupted.get());
        Await.until("nothing to do", LIMIT, this::isResting, this::state);
        lane.close();
    }

    private Thread.State state() {
        return lane.thread().getState();
    }

    private boolean isResting() {
        return state() == Thread.State.TIMED_WAITING;
    }

    private ClientWriter expensive() {
        ClientWriter client = mock(ClientWriter.class);
        when(client.isHeavy()).thenReturn(true);
        when(client.isExpensive()).thenReturn(true);
        lane.enter(client);
        return client;
    }
}
