package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.cursor.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.testing.Await;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that hold a client one after the other, in an order that is rare. */
class ClientWriterHoldTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final AtomicReference<Thread> containerThread = new AtomicReference<>();
    private final ExecutorService container = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "container");
        containerThread.set(thread);
        return thread;
    });
    private final Client client = mock(Client.class);
    private final Clients clients = mock(Clients.class);

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

    private ClientWriter newWriter() throws IOException {
        when(client.clients()).thenReturn(clients);
        when(clients.newTurn()).thenAnswer(call -> {
            Turn turn = new Turn(WriterThread.WRITE_BYTES, System::nanoTime);
            turn.begin();
            return turn;
        });
        ScriptedContainer request = new ScriptedContainer(0, 100, Runnable::run);
        ClientWriter writer = new ClientWriter(client, request.context, mock(WriterLane.class), 0);
        writer.start();
        request.servletReturned();
        return writer;
    }
}
