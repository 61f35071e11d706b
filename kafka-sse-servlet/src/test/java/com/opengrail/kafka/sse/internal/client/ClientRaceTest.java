package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.access.Access;
import com.opengrail.kafka.sse.internal.access.ConnectionLimits;
import com.opengrail.kafka.sse.internal.access.EndReason;
import com.opengrail.kafka.sse.internal.access.Rechecks;
import com.opengrail.kafka.sse.internal.feed.FeedOptions;
import com.opengrail.kafka.sse.internal.feed.FeedSources;
import com.opengrail.kafka.sse.internal.feed.Feeds;
import com.opengrail.kafka.sse.internal.feed.Membership;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.request.StreamRequest;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.writer.Lanes;
import com.opengrail.kafka.sse.internal.writer.Writers;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.NoReplays;
import com.opengrail.kafka.sse.testing.Race;
import com.opengrail.kafka.sse.testing.ScriptedContainer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The last write against closing: a stream is completed once, and nothing of it is called afterwards. */
class ClientRaceTest {
    private static final StreamRequest OF_ORDERS = new StreamRequest(
            List.of("orders"), EventFilter.all(), new Start.Latest(), Optional.empty(), "default", Optional.empty());

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ROUNDS = 150;
    private static final int RECORDS_PER_ROUND = 5;

    private final ExecutorService containerThreads = Executors.newFixedThreadPool(2);
    private final FakeSource source = new FakeSource();
    private final Feeds feeds = new Feeds(
            new FeedSources(
                    source,
                    NoReplays.with(source),
                    "writer-race",
                    new Counters(),
                    EngineThreads.ofCaller(),
                    System::nanoTime,
                    InstantSource.system()),
            new FeedOptions(1 << 20, 1 << 24, Duration.ofMillis(1), EventFilter.all(), Duration.ofSeconds(5), Set.of()),
            1);
    private final Writers writers = new Writers(1, "race", EngineThreads.ofCaller(), System::nanoTime);
    private final Clients clients = new Clients(
            new ClientOptions(1, 1000, 0, 0, Optional.of("stream-position"), 5_000, true),
            new ConnectionLimits(0, 0, 0),
            writers,
            new Rechecks("test", EngineThreads.ofCaller()),
            new Counters(),
            System::nanoTime);

    @BeforeEach
    void startWriter() {
        writers.start();
    }

    @AfterEach
    void stop() {
        clients.close(1_000);
        feeds.close(1_000);
        containerThreads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 60, 100})
    void shouldCompleteOnceWhoeverWritesEndsOrFails(int readyPercent) throws Exception {
        List<ScriptedContainer> containers = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ScriptedContainer container = new ScriptedContainer(round, readyPercent, containerThreads);
            Client client = open(container);
            assertEquals(1, Lanes.number(client.writer()), "the thread still keeps one that is gone");
            Race.run(
                    this::produce,
                    () -> client.end(EndReason.CLOSING, new Slice()),
                    () -> clients.tick(new Slice()),
                    round % 2 == 0 ? () -> reset(container, client) : () -> dropIfWaiting(client));
            String what = "round " + round;
            Await.until(what, LIMIT, () -> container.completions.get() > 0, container::received);
            Await.until(what, LIMIT, () -> clients.count() == 0, clients::count);
            containers.add(container);
        }
        // Late calls of the earlier rounds have come by now.
        for (ScriptedContainer container : containers) {
            assertEquals(List.of(), List.copyOf(container.violations));
            assertEquals(1, container.completions.get());
        }
    }

    private static void dropIfWaiting(Client client) {
        client.writer().dropIfWaitingSince(System.nanoTime());
    }

    private Client open(ScriptedContainer container) throws IOException {
        Membership membership = feeds.enter(List.of("orders"), "192.0.2.1");
        Client client = clients.add(new StreamOpening(
                membership,
                container.context,
                clients.slots().take("127.0.0.1", null),
                OF_ORDERS,
                new CallOptions(StreamOptions.defaults(), true),
                Access.unlimited(),
                null,
                Instant.now()));
        client.writer().start();
        membership.follow(new Start.Latest(), client);
        container.servletReturned();
        return client;
    }

    private static void reset(ScriptedContainer container, Client client) {
        container.fail();
        client.writer().onError(new IOException("reset by peer"));
    }

    private void produce() {
        for (int i = 0; i < RECORDS_PER_ROUND; i++) {
            source.produce("order", "number " + i);
        }
    }
}
