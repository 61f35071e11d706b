package com.opengrail.kafka.sse.internal.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.Await;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletConnection;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/** A lane goes on with another thread while a turn waits for a client's connection, or computes for long. */
class BlockedConnectionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Writers writers = new Writers(1, "test", EngineThreads.ofCaller(), System::nanoTime);
    private final WriterLane lane = writers.next();
    private final Queue<String> turns = new ConcurrentLinkedQueue<>();
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final CountDownLatch taken = new CountDownLatch(1);

    @AfterEach
    void close() {
        taken.countDown();
        writers.close();
    }

    @Test
    void shouldGiveOtherClientsTheirTurnsMeanwhile() throws IOException {
        WriterThread first = lane.thread();
        lane.execute(waiting("blocked", "one"));
        lane.execute(client("other", null));
        lane.start();
        awaitTurns("blocked");
        awaitReplacement(first);
        awaitTurns("blocked", "other");
        assertNotSame(first, lane.thread());
        assertTrue(writers.areAlive());
    }

    @Test
    void shouldNotReplaceAThreadBetweenTurns() throws IOException {
        WriterThread first = lane.thread();
        lane.execute(client("one", "connection"));
        lane.start();
        awaitTurns("one");
        Await.until("rest", LIMIT, first::isWaiting, first::getState);
        writers.replaceBlocked();
        writers.replaceBlocked();
        assertSame(first, lane.thread());
    }

    /** Otherwise each of a hundred streams on a connection would take a thread. */
    @Test
    void shouldServeTheOtherClientsOfTheConnectionInTheThreadThatItBlocked() throws IOException {
        WriterThread first = lane.thread();
        ClientWriter same = client("same", "one");
        ClientWriter after = client("after", "two");
        lane.execute(waiting("blocked", "one"));
        lane.execute(same);
        lane.execute(after);
        lane.start();
        awaitTurns("blocked");
        awaitReplacement(first);
        awaitTurns("blocked", "after");
        taken.countDown();
        awaitTurns("blocked", "after", "same");
        assertEquals(List.of(first, lane.thread(), first), List.copyOf(threads));
        awaitEnd(first);
        lane.execute(same);
        awaitTurns("blocked", "after", "same", "same");
        assertSame(lane.thread(), List.copyOf(threads).get(3), "the connection is not blocked any more");
    }

    /** As that of a proxy with many busy streams, which was slow for a moment. */
    @Test
    void shouldTakeAConnectionBackToTheLaneThatIsBusyAndNoLongerBlocks() throws IOException {
        WriterThread first = lane.thread();
        ClientWriter busy = client("busy", "one");
        lane.execute(waiting("blocked", "one"));
        lane.start();
        awaitTurns("blocked");
        awaitReplacement(first);
        taken.countDown();
        AtomicInteger rounds = new AtomicInteger();
        Await.until(
                "a turn in the lane",
                LIMIT,
                () -> {
                    if (turns.size() > rounds.get()) {
                        rounds.incrementAndGet();
                        lane.execute(busy);
                    }
                    return threads.contains(lane.thread());
                },
                turns::size);
        awaitEnd(first);
        assertTrue(rounds.get() > 2, "it was not busy");
    }

    /** They would have more of the processors than their share of a lane. */
    @Test
    void shouldLeaveClientsWithExpensiveFiltersInTheLane() throws IOException {
        WriterThread first = lane.thread();
        lane.execute(waiting("blocked", "one"));
        lane.execute(expensive(client("expensive", "one")));
        lane.start();
        awaitTurns("blocked");
        awaitReplacement(first);
        awaitTurns("blocked", "expensive");
        assertSame(lane.thread(), List.copyOf(threads).get(1));
    }

    @Test
    void shouldGiveOtherExpensiveClientsTheirTurnsWhileOneWaits() throws IOException {
        WriterThread first = lane.thread();
        lane.execute(expensive(waiting("blocked", "one")));
        lane.execute(expensive(client("next", "two")));
        lane.start();
        awaitTurns("blocked");
        awaitReplacement(first);
        awaitTurns("blocked", "next");
    }

    /** A name of a megabyte is compared with an expression for seconds, and nobody can end that. The connection is free. */
    @Test
    void shouldGoOnWithOthersThanExpensiveClientsWhileOneOfThemComputes() throws IOException {
        WriterThread first = lane.thread();
        ClientWriter same = client("same", "one");
        lane.execute(expensive(computing("long", "one")));
        long start = System.nanoTime();
        lane.start();
        awaitTurns("long");
        lane.replaceBlocked();
        assertSame(first, lane.thread(), "it may be over at once");
        lane.execute(expensive(client("next", "two")));
        lane.replaceBlocked();
        assertNotSame(first, lane.thread());
        lane.execute(same);
        awaitTurns("long", "same");
        long rested = System.nanoTime() + 10 * (System.nanoTime() - start);
        Await.until("the rest after the turn so far", LIMIT, () -> System.nanoTime() - rested > 0, turns::size);
        lane.execute(same);
        awaitTurns("long", "same", "same");
        assertNull(first.lastTurnEnd());
        taken.countDown();
        awaitTurns("long", "same", "same", "next");
        awaitEnd(first);
    }

    /** What is due needs no expression. */
    @Test
    void shouldGiveExpensiveClientsTheirTurnsWhileWhatIsDueForOneTakesLong() throws IOException {
        WriterThread first = lane.thread();
        ClientWriter due = expensive(client("unused", null));
        when(due.isAnythingDue()).thenReturn(true);
        doAnswer(call -> compute("due")).when(due).runDue(any(), any());
        lane.execute(due);
        lane.start();
        awaitTurns("due");
        awaitReplacement(first);
        lane.execute(expensive(client("next", null)));
        awaitTurns("due", "next");
    }

    /** It may be that of many, and all of them together would take the processors from the lanes. */
    @Test
    void shouldLetOthersWaitWhileAClientComputesThatIsNotExpensive() throws IOException {
        WriterThread first = lane.thread();
        lane.execute(computing("long", null));
        lane.start();
        awaitTurns("long");
        lane.replaceBlocked();
        lane.replaceBlocked();
        assertSame(first, lane.thread());
        taken.countDown();
    }

    @Test
    void shouldInterruptTheThreadThatHasWaitedLongestWhenTooManyWait() throws IOException {
        List<WriterThread> blocked = new ArrayList<>();
        lane.start();
        for (int i = 0; i < BlockedConnections.MAX_THREADS; i++) {
            blocked.add(lane.thread());
            lane.execute(waiting("blocked " + i, "connection " + i));
            awaitReplacement(blocked.get(i));
        }
        WriterThread last = lane.thread();
        lane.execute(waiting("one more", "one more"));
        lane.execute(client("other", null));
        awaitReplacement(last);
        awaitEnd(blocked.get(0));
        assertTrue(blocked.stream().skip(1).allMatch(Thread::isAlive), "only the first one has to go");
    }

    @Test
    void shouldGiveUpBlockedConnectionsWhenTheServerCloses() throws IOException {
        WriterThread first = lane.thread();
        ClientWriter same = client("same", "one");
        lane.execute(waiting("blocked", "one"));
        lane.execute(same);
        lane.execute(client("other", null));
        lane.start();
        awaitTurns("blocked");
        awaitReplacement(first);
        awaitTurns("blocked", "other");
        writers.close();
        awaitEnd(first);
        assertTrue(same.isClosed());
        assertEquals(List.of("blocked", "other"), List.copyOf(turns));
    }

    /** As where the system has no more threads. */
    @Test
    void shouldKeepTheThreadIfNoOtherCanBeStarted() throws IOException {
        EngineThreads few = mock(EngineThreads.class);
        when(few.adopt(any(WriterThread.class)))
                .thenAnswer(call -> call.getArgument(0))
                .thenThrow(new OutOfMemoryError("unable to create native thread"));
        Writers poor = new Writers(1, "test", few, System::nanoTime);
        WriterLane only = poor.next();
        WriterThread first = only.thread();
        ClientWriter blocked = waiting("blocked", "one");
        ClientWriter other = client("other", null);
        only.enter(blocked);
        only.enter(other);
        only.execute(blocked);
        only.execute(other);
        only.start();
        awaitTurns("blocked");
        Await.until("waiting", LIMIT, first::isWaiting, first::getState);
        poor.replaceBlocked();
        poor.replaceBlocked();
        assertSame(first, only.thread());
        taken.countDown();
        awaitTurns("blocked", "other");
        assertEquals(List.of(first, first), List.copyOf(threads));
        poor.close();
        awaitEnd(first);
    }

    /** Otherwise they would wait for it for ever. */
    @Test
    void shouldGiveExpensiveClientsTheirTurnsAfterALongOneThatKeptItsThread() throws IOException {
        WriterThread unstartable = mock(WriterThread.class);
        doThrow(new OutOfMemoryError("unable to create native thread"))
                .when(unstartable)
                .start();
        EngineThreads few = mock(EngineThreads.class);
        when(few.adopt(any(WriterThread.class)))
                .thenAnswer(call -> call.getArgument(0))
                .thenReturn(unstartable);
        Writers poor = new Writers(1, "test", few, System::nanoTime);
        WriterLane only = poor.next();
        WriterThread first = only.thread();
        ClientWriter computing = expensive(computing("long", null));
        ClientWriter next = expensive(client("next", null));
        only.enter(computing);
        only.enter(next);
        only.execute(computing);
        only.start();
        awaitTurns("long");
        only.execute(next);
        poor.replaceBlocked();
        poor.replaceBlocked();
        assertSame(first, only.thread());
        taken.countDown();
        awaitTurns("long", "next");
        poor.close();
        awaitEnd(first);
    }

    /** A client whose turns end at once. */
    private ClientWriter client(String name, String connection) throws IOException {
        ServletRequest request = mock(ServletRequest.class);
        when(request.getProtocol()).thenReturn(connection == null ? "HTTP/1.1" : "HTTP/2.0");
        ServletConnection shared = mock(ServletConnection.class);
        when(shared.getConnectionId()).thenReturn(connection);
        when(request.getServletConnection()).thenReturn(shared);
        AsyncContext context = mock(AsyncContext.class);
        when(context.getRequest()).thenReturn(request);
        when(context.getResponse()).thenReturn(mock(ServletResponse.class));
        ClientWriter client = Mockito.spy(new ClientWriter(mock(WrittenClient.class), context, lane, 0));
        doAnswer(call -> note(name)).when(client).run(any(), any());
        lane.enter(client);
        return client;
    }

    /** A client whose turns wait, until its connection takes bytes or the thread is interrupted. */
    private ClientWriter waiting(String name, String connection) throws IOException {
        ClientWriter client = client(name, connection);
        doAnswer(call -> {
                    note(name);
                    awaitTaken();
                    return null;
                })
                .when(client)
                .run(any(), any());
        return client;
    }

    /** A client whose turns compute, until its connection takes bytes. */
    private ClientWriter computing(String name, String connection) throws IOException {
        ClientWriter client = client(name, connection);
        doAnswer(call -> compute(name)).when(client).run(any(), any());
        return client;
    }

    private Object compute(String name) {
        note(name);
        while (taken.getCount() > 0) {
            Thread.onSpinWait();
        }
        return null;
    }

    private static ClientWriter expensive(ClientWriter client) {
        when(client.isHeavy()).thenReturn(true);
        when(client.isExpensive()).thenReturn(true);
        return client;
    }

    private void awaitTaken() {
        try {
            taken.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Object note(String name) {
        threads.add(Thread.currentThread());
        turns.add(name);
        return null;
    }

    private void awaitTurns(String... expected) {
        Await.until(
                "turns",
                LIMIT,
                () -> List.of(expected).equals(List.copyOf(turns)),
                () -> turns + " in " + lane.thread().getState());
    }

    /** As the timer does, which looks again and again. */
    private void awaitReplacement(WriterThread thread) {
        Await.until(
                "another thread",
                LIMIT,
                () -> {
                    writers.replaceBlocked();
                    return lane.thread() != thread;
                },
                thread::getState);
    }

    private static void awaitEnd(WriterThread thread) {
        Await.until("the end of a thread", LIMIT, () -> !thread.isAlive(), thread::getState);
    }
}
