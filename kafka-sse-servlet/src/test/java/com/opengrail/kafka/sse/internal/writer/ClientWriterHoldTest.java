package com.opengrail.kafka.sse.internal.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.StreamInfo;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.ScriptedContainer;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Threads that hold a client: one after the other in an order that is rare, and those whose calls fail. */
class ClientWriterHoldTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final AtomicReference<Thread> containerThread = new AtomicReference<>();
    private final ExecutorService container = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "container");
        containerThread.set(thread);
        return thread;
    });
    private final WrittenClient client = mock(WrittenClient.class);
    private final WriterLane lane = mock(WriterLane.class);
    private ScriptedContainer request;

    @AfterEach
    void stop() {
        container.shutdownNow();
    }

    /**
     * A thread finds nothing to write and lets go. Before its second look, a thread of the container holds the client and lets
     * go, too. Then the first one holds it again, and that thread of the container reports a failure.
     */
    @Test
    void shouldLetAReportWaitForAThreadThatHoldsTheClientOnceMore() throws Exception {
        ClientWriter writer = newWriter();
        Iterator<Boolean> hasOutput = List.of(false, true).iterator();
        Thread first = Thread.currentThread();
        when(client.hasOutput()).thenAnswer(call -> Thread.currentThread() == first && hasOutput.next());
        when(client.isCalled()).thenAnswer(call -> {
            if (Thread.currentThread() != first) {
                return false;
            }
            container.submit(() -> writer.wakeHere(new Slice())).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return true;
        });
        AtomicBoolean returned = new AtomicBoolean();
        when(client.next(any(), any())).thenAnswer(call -> {
            Future<?> report = container.submit(() -> writer.onError(new IOException("gone")));
            Await.until(
                    "the report",
                    LIMIT,
                    () -> report.isDone() || containerThread.get().getState() == Thread.State.TIMED_WAITING,
                    containerThread.get()::getState);
            returned.set(report.isDone());
            return false;
        });
        writer.change(state -> WriteState.IDLE);
        writer.wakeHere(new Slice());
        assertFalse(returned.get(), "the container may use the response for another request");
    }

    /** A method of the library that a thread calls while it holds a client, and that may fail. */
    private enum Call {
        HAS_OUTPUT(WrittenClient::hasOutput),
        NEXT(client -> client.next(any(), any())),
        WROTE(client -> client.wrote(any())),
        PARKED(WrittenClient::parked),
        IS_CALLED(WrittenClient::isCalled);

        private final Consumer<WrittenClient> call;

        Call(Consumer<WrittenClient> call) {
            this.call = call;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellOfFailuresOfTheLibrary(Call failing) throws IOException {
        ClientWriter writer = newWriter();
        hasOutputOnce();
        RuntimeException failure = new IllegalStateException("of the library");
        failing.call.accept(doThrow(failure).when(client));
        writer.change(state -> WriteState.IDLE);
        writer.wakeHere(new Slice());
        verify(client).broken(failure);
        assertTrue(writer.isClosed());
    }

    @Test
    void shouldNotTellOfFailuresOfTheContainer() throws IOException {
        ClientWriter writer = newWriter();
        hasOutputOnce();
        request.refuse(new IllegalStateException("The response has been recycled"));
        writer.change(state -> WriteState.IDLE);
        writer.wakeHere(new Slice());
        verify(client, never()).broken(any());
        assertTrue(writer.isClosed());
    }

    /** They have no share of time for that. A turn that found nothing to do changes nothing. */
    @Test
    void shouldNotUseAContainersThreadForAnExpensiveFilter() throws IOException {
        ClientWriter writer = newWriter();
        Turn turn = mock(Turn.class);
        when(turn.isExpensive()).thenReturn(true);
        hasOutputOnce();
        for (int i = 0; i < 2; i++) {
            writer.change(state -> WriteState.WRITING);
            writer.run(new Slice(), turn);
            assertTrue(writer.isExpensive());
            when(turn.isExpensive()).thenReturn(false);
            when(client.hasOutput()).thenReturn(true, false);
            doReturn(false).when(client).next(any(), any());
        }
        verify(client, times(2)).next(any(), any());
        writer.change(state -> WriteState.WAITING);
        writer.onWritePossible();
        verify(client, times(2)).next(any(), any());
        verify(lane).execute(writer);
    }

    /** They would keep it busy one after the other, whoever pays for them. */
    @Test
    void shouldNotUseAContainersThreadForAClientThatIsFarBehind() throws IOException {
        ClientWriter writer = newWriter();
        Turn turn = mock(Turn.class);
        when(turn.isOver()).thenReturn(true);
        hasOutputOnce();
        writer.change(state -> WriteState.WRITING);
        writer.run(new Slice(), turn);
        assertTrue(writer.isHeavy(), "the turn was too short");
        assertFalse(writer.isExpensive());
        verify(lane).execute(writer);
        writer.change(state -> WriteState.WAITING);
        writer.onWritePossible();
        verify(client, times(1)).next(any(), any());
        verify(lane, times(2)).execute(writer);
        when(client.state()).thenReturn(StreamInfo.State.REPLAYING);
        writer.run(new Slice(), turn);
        assertTrue(writer.isHeavy(), "the next batch is yet to be read");
        assertEquals(WriteState.IDLE, writer.state());
        when(client.state()).thenReturn(StreamInfo.State.LIVE);
        writer.change(state -> WriteState.WRITING);
        writer.run(new Slice(), turn);
        assertFalse(writer.isHeavy(), "nothing is left");
    }

    /** Else a slow reader that gets a keep-alive would wait for strangers' filters next time. */
    @Test
    void shouldLearnNothingFromATurnForWhatIsDue() throws IOException {
        ClientWriter writer = newWriter();
        Turn turn = mock(Turn.class);
        when(turn.isForDue()).thenReturn(true);
        when(turn.isOver()).thenReturn(true);
        when(turn.isExpensive()).thenReturn(true);
        hasOutputOnce();
        writer.change(state -> WriteState.WRITING);
        writer.runDue(new Slice(), turn);
        verify(client).next(any(), any());
        assertFalse(writer.isHeavy());
    }

    private void hasOutputOnce() {
        when(client.hasOutput()).thenReturn(true, false);
        when(client.next(any(), any())).thenAnswer(call -> {
            call.<Slice>getArgument(0).set(new FrameBuffer().comment(), 0);
            return false;
        });
    }

    private ClientWriter newWriter() throws IOException {
        when(client.now()).thenAnswer(call -> System.nanoTime());
        request = new ScriptedContainer(0, 100, Runnable::run);
        ClientWriter writer = new ClientWriter(client, request.context, lane, 0);
        writer.start();
        request.servletReturned();
        return writer;
    }
}
