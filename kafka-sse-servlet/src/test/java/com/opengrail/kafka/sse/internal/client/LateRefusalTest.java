package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.access.Access;
import com.opengrail.kafka.sse.internal.access.ConnectionLimits;
import com.opengrail.kafka.sse.internal.access.Rechecks;
import com.opengrail.kafka.sse.internal.cursor.StartFailure;
import com.opengrail.kafka.sse.internal.feed.FeedOptions;
import com.opengrail.kafka.sse.internal.feed.FeedSources;
import com.opengrail.kafka.sse.internal.feed.Feeds;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.request.StreamRequest;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.writer.Writers;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.NoReplays;
import com.opengrail.kafka.sse.testing.ScriptedContainer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Far brokers tell that there is no such topic after the stream has been opened: it is too late for a status. */
class LateRefusalTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final AtomicLong now = new AtomicLong();
    private final ExecutorService containerThreads = Executors.newFixedThreadPool(2);
    private final Counters counters = new Counters();
    private final FakeSource source = new FakeSource();
    private final Feeds feeds = new Feeds(
            new FeedSources(
                    source,
                    NoReplays.with(source),
                    "test",
                    counters,
                    EngineThreads.ofCaller(),
                    System::nanoTime,
                    InstantSource.system()),
            new FeedOptions(1 << 20, 1 << 20, Duration.ofMillis(1), EventFilter.all(), Duration.ofSeconds(5), Set.of()),
            1);
    private final Writers writers = new Writers(1, "test", EngineThreads.ofCaller(), System::nanoTime);
    private final Clients clients = new Clients(
            new ClientOptions(1000, 1000, 0, 0, Optional.empty(), 5_000, true),
            new ConnectionLimits(0, 0, 0),
            writers,
            new Rechecks("test", EngineThreads.ofCaller()),
            counters,
            now::get);

    @AfterEach
    void stop() {
        clients.close(1_000);
        feeds.close(1_000);
        containerThreads.shutdownNow();
    }

    @Test
    void shouldEndTheStreamAndCountTheRefusal() throws IOException {
        writers.start();
        ScriptedContainer container = new ScriptedContainer(0, 100, containerThreads);
        Client client = clients.add(new StreamOpening(
                feeds.enter(List.of("orders"), "192.0.2.1"),
                container.context,
                clients.slots().take("127.0.0.1", null),
                new StreamRequest(
                        List.of("orders"),
                        EventFilter.all(),
                        new Start.Latest(),
                        Optional.empty(),
                        "default",
                        Optional.empty()),
                new CallOptions(StreamOptions.defaults(), true),
                Access.unlimited(),
                null,
                Instant.now()));
        client.writer().start();
        container.servletReturned();
        now.addAndGet(TimeUnit.SECONDS.toNanos(2));
        await("the stream's start", container, "retry: ");
        client.failed(new StartFailure(StartFailure.Reason.UNKNOWN_TOPIC, "for the test"));
        Await.until("the end", LIMIT, () -> container.completions.get() == 1, container::received);
        assertEquals(1, counters.refused().get("404"));
        assertTrue(container.received().startsWith("retry: "), container::received);
        assertEquals(-1, container.received().indexOf("for the test"), container::received);
    }

    private void await(String what, ScriptedContainer container, String text) {
        Await.until(
                what,
                LIMIT,
                () -> {
                    clients.tick(new Slice());
                    return container.received().contains(text);
                },
                container::received);
    }
}
