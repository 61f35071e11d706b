package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.access.Access;
import com.opengrail.kafka.sse.internal.access.ConnectionLimits;
import com.opengrail.kafka.sse.internal.access.Rechecks;
import com.opengrail.kafka.sse.internal.feed.Membership;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.request.StreamRequest;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.writer.Writers;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.ScriptedContainer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Events of many clients gather: a write of one costs as much as a write of several. */
class GatheringTest {
    private static final StreamRequest OF_ORDERS = new StreamRequest(
            List.of("orders"), EventFilter.all(), new Start.Latest(), Optional.empty(), "default", Optional.empty());

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MANY_CLIENTS = 300;
    private static final long WAKING_NANOS = TimeUnit.MILLISECONDS.toNanos(600);
    private static final long BETWEEN_WAKINGS_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long KEEP_ALIVE_MILLIS = 1;

    /** Half of what passes from one round to the next: the first rounds come without a pause. */
    private static final long LEAST_BETWEEN_TURNS_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Writers writers = new Writers(1, "test", EngineThreads.ofCaller(), System::nanoTime);
    private final AtomicLong clock = new AtomicLong();
    private final Clients clients = new Clients(
            new ClientOptions(KEEP_ALIVE_MILLIS, 0, 0, 0, Optional.empty(), 5_000, true),
            new ConnectionLimits(0, 0, 0),
            writers,
            new Rechecks("test", EngineThreads.ofCaller()),
            new Counters(),
            clock::get);

    /** Each turn is seen by its keep-alive, of which there is one however often the client was woken before it. */
    @Test
    void shouldGatherForManyClientsThatAreWokenOverAndOver() throws IOException {
        List<ScriptedContainer> containers = open();
        writers.start();
        long start = System.nanoTime();
        int wakings = 0;
        while (System.nanoTime() - start < WAKING_NANOS) {
            clock.addAndGet(Clients.ANSWER_WITHIN_NANOS);
            clients.tick(new Slice());
            wakings++;
            LockSupport.parkNanos(BETWEEN_WAKINGS_NANOS);
        }
        long atMost = (System.nanoTime() - start) / LEAST_BETWEEN_TURNS_NANOS;
        long turns = keepAlives(containers.get(MANY_CLIENTS / 2));
        assertTrue(turns > 0 && turns <= atMost, turns + " turns, at most " + atMost + ", woken " + wakings + " times");
        clients.close(LIMIT.toMillis());
        Await.until("the end of all", LIMIT, () -> clients.count() == 0, clients::count);
    }

    private List<ScriptedContainer> open() throws IOException {
        List<ScriptedContainer> containers = new ArrayList<>();
        for (int i = 0; i < MANY_CLIENTS; i++) {
            ScriptedContainer container = new ScriptedContainer(i, 100, Runnable::run);
            container.reportCompletionsTo(Runnable::run);
            containers.add(container);
            clients.add(new StreamOpening(
                            mock(Membership.class),
                            container.context,
                            clients.slots().take("127.0.0.1", null),
                            OF_ORDERS,
                            new CallOptions(StreamOptions.defaults(), true),
                            Access.unlimited(),
                            null,
                            Instant.now()))
                    .writer()
                    .start();
            container.servletReturned();
        }
        return containers;
    }

    private static long keepAlives(ScriptedContainer container) {
        return container.received().lines().filter(line -> line.startsWith(":")).count();
    }
}
