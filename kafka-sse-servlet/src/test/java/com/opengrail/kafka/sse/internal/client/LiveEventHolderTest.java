package com.opengrail.kafka.sse.internal.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.access.Access;
import com.opengrail.kafka.sse.internal.access.ConnectionLimits;
import com.opengrail.kafka.sse.internal.access.Rechecks;
import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.feed.Membership;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.request.StreamRequest;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.writer.Lanes;
import com.opengrail.kafka.sse.internal.writer.Writers;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.ScriptedContainer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cursor may be moved at any time by the thread that holds the client. So no other thread asks it for its position. */
class LiveEventHolderTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));
    private static final Position PAST_END = new Position(LAYOUT, new long[] {9});

    private final AtomicLong clock = new AtomicLong();
    private final ExecutorService containerThreads = Executors.newSingleThreadExecutor();
    private final Writers writers = new Writers(1, "test", EngineThreads.ofCaller(), System::nanoTime);
    private final Clients clients = new Clients(
            new ClientOptions(0, 1000, 0, 0, Optional.of("stream-position"), 5000, true),
            new ConnectionLimits(0, 0, 0),
            writers,
            mock(Rechecks.class),
            new Counters(),
            clock::get);
    private final Cursor cursor = mock(Cursor.class);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger askedByOthers = new AtomicInteger();
    private volatile Position position = new Position(LAYOUT, new long[] {1});

    @BeforeEach
    void startWriter() {
        writers.start();
    }

    @AfterEach
    void stop() {
        clients.close(1_000);
        containerThreads.shutdownNow();
    }

    @Test
    void shouldAskForThePositionWhileItHoldsTheClientAlone() throws IOException {
        ScriptedContainer container = new ScriptedContainer(1, 100, containerThreads);
        StreamRequest request = new StreamRequest(
                List.of("orders"), EventFilter.all(), new Start.Earliest(), Optional.of("live"), "", Optional.empty());
        Client client = clients.add(new StreamOpening(
                mock(Membership.class),
                container.context,
                clients.slots().take("127.0.0.1", null),
                request,
                new CallOptions(StreamOptions.defaults(), false),
                Access.unlimited(),
                null,
                Instant.now()));
        when(cursor.tellPosition()).thenReturn("0".getBytes(US_ASCII));
        when(cursor.endOfWindow()).thenReturn(PAST_END);
        when(cursor.position()).thenAnswer(call -> {
            asked.incrementAndGet();
            if (!Lanes.isHeld(client.writer())) {
                askedByOthers.incrementAndGet();
            }
            return position;
        });
        client.writer().start();
        client.opened(cursor);
        container.servletReturned();
        awaitRest(client, "stream-position", container);
        clock.set(1_000_000);
        clients.tick(new Slice());
        Await.until("a look at the position", LIMIT, () -> asked.get() > 0, asked::get);
        for (int turn = 0; turn < 10; turn++) {
            client.writer().onWritePossible();
        }
        position = PAST_END;
        client.writer().onWritePossible();
        awaitRest(client, "event: live", container);
        assertEquals(0, askedByOthers.get());
        assertTrue(writers.areAlive());
    }

    private static void awaitRest(Client client, String text, ScriptedContainer container) {
        Await.until(
                text,
                LIMIT,
                () -> container.received().contains(text) && Lanes.isIdle(client.writer()),
                container::received);
    }
}
