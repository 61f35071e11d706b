package com.opengrail.kafka.sse.internal.writer;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What tests of streams do with writers and their lanes, and no other package does. */
public final class Lanes {
    private Lanes() {}

    /** Gives all clients that wait in the next lane their turns, in the calling thread. The writers have been closed. */
    public static void run(Writers writers) {
        writers.next().thread().run();
    }

    /** The thread that has the next lane, whenever it is asked for. */
    public static Supplier<Thread> thread(Writers writers) {
        return writers.next()::thread;
    }

    /** Keeps the next lane busy with another client's turn, until that is closed. */
    public static AutoCloseable occupy(Writers writers, Duration limit) {
        CountDownLatch turn = new CountDownLatch(1);
        LaneMember other = mock(LaneMember.class);
        doAnswer(call -> turn.await(limit.toSeconds(), TimeUnit.SECONDS))
                .when(other)
                .run(any(), any());
        WriterLane lane = writers.next();
        lane.enter(other);
        lane.execute(other);
        verify(other, timeout(limit.toMillis())).run(any(), any());
        return () -> {
            lane.leave(other);
            turn.countDown();
        };
    }

    /** Adds a client that has failed, and whose container is asked for a report. */
    public static void reportDue(Writers writers, BooleanSupplier isDone) {
        LaneMember failed = mock(LaneMember.class, withSettings().stubOnly());
        when(failed.completeIfUnreportedSince(anyLong())).then(call -> isDone.getAsBoolean());
        writers.next().reportDue(failed);
    }

    public static boolean isHeld(ClientWriter writer) {
        return WriteState.isHeld(writer.state());
    }

    public static boolean isIdle(ClientWriter writer) {
        return writer.state() == WriteState.IDLE;
    }

    public static boolean isExpensive(ClientWriter writer) {
        return writer.isExpensive();
    }

    /** The number that a client has in its lane. */
    public static int number(ClientWriter writer) {
        return writer.number;
    }
}
