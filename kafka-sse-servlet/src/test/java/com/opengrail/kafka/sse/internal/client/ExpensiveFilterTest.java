package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.access.Access;
import com.opengrail.kafka.sse.internal.access.ConnectionLimits;
import com.opengrail.kafka.sse.internal.access.EndReason;
import com.opengrail.kafka.sse.internal.access.Rechecks;
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
import com.opengrail.kafka.sse.internal.writer.Lanes;
import com.opengrail.kafka.sse.internal.writer.Writers;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.NoReplays;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients whose filters take far more time than there is, one beside the other, on one writer thread. */
class ExpensiveFilterTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CLIENTS = 20;
    private static final long KEEP_ALIVE_MILLIS = 20;

    /** They keep the clients of one writer thread busy for many seconds. */
    private static final int NAMES = 5_000;

    private static final String EXPENSIVE = "(.*[a-z0-9-]){32}!";
    private static final String NAME = "name ".repeat(40);

    private static final String LONG_NAME = "name ".repeat(20_000);
    private static final int LONG_NAMES = 100;

    /** For all names twice, in whatever order they come. Who falls behind the window would need a replay. */
    private static final int WINDOW_BYTES = 1 << 26;

    private static final Duration SOON = Duration.ofSeconds(4);

    private final ExecutorService containerThreads = Executors.newFixedThreadPool(2);
    private final FakeSource source = new FakeSource();
    private final Feeds feeds = new Feeds(
            new FeedSources(
                    source,
                    NoReplays.with(source),
                    "test",
                    new Counters(),
                    EngineThreads.ofCaller(),
                    System::nanoTime,
                    InstantSource.system()),
            new FeedOptions(
                    WINDOW_BYTES,
                    WINDOW_BYTES,
                    Duration.ofMillis(1),
                    EventFilter.all(),
                    Duration.ofSeconds(5),
                    Set.of()),
            1);
    private final Writers writers = new Writers(1, "test", EngineThreads.ofCaller(), System::nanoTime);
    private final Clients clients = new Clients(
            new ClientOptions(KEEP_ALIVE_MILLIS, 1000, 0, 0, Optional.empty(), 5_000, true),
            new ConnectionLimits(0, 0, 0),
            writers,
            new Rechecks("test", EngineThreads.ofCaller()),
            new Counters(),
            System::nanoTime);
    private final List<Client> opened = new ArrayList<>();
    private final List<ScriptedContainer> containers = new ArrayList<>();

    @BeforeEach
    void keepAllOfThemBusy() throws IOException {
        writers.start();
        for (int i = 0; i < CLIENTS; i++) {
            open(i, EventFilter.parse(EXPENSIVE + ",u" + i));
        }
        await("the streams' start", () -> containers.stream().allMatch(each -> comments(each) > 0));
        for (int i = 0; i < NAMES; i++) {
            source.produce(NAME + i, "for nobody");
        }
        await("the filters' weight", () -> opened.stream().allMatch(each -> Lanes.isExpensive(each.writer())));
    }

    private void open(int number, EventFilter filter) throws IOException {
        ScriptedContainer container = new ScriptedContainer(number, 100, containerThreads);
        container.reportCompletionsTo(Runnable::run);
        containers.add(container);
        var membership = feeds.enter(List.of("orders"), "192.0.2.1");
        Client client = clients.add(new StreamOpening(
                membership,
                container.context,
                clients.slots().take("127.0.0.1", null),
                new StreamRequest(
                        List.of("orders"), filter, new Start.Latest(), Optional.empty(), "default", Optional.empty()),
                new CallOptions(StreamOptions.defaults(), true),
                Access.unlimited(),
                null,
                Instant.now()));
        opened.add(client);
        client.writer().start();
        membership.follow(new Start.Latest(), client);
        container.servletReturned();
    }

    @AfterEach
    void stop() {
        clients.close(1_000);
        feeds.close(1_000);
        containerThreads.shutdownNow();
    }

    /** Otherwise proxies cut them off, and nobody notices those that have gone. */
    @Test
    void shouldSendKeepAlivesToClientsThatWaitForTheirTurn() {
        List<Long> before =
                containers.stream().map(ExpensiveFilterTest::comments).toList();
        await("keep-alives", () -> {
            for (int i = 0; i < CLIENTS; i++) {
                if (comments(containers.get(i)) < before.get(i) + 2) {
                    return false;
                }
            }
            return true;
        });
        assertTrue(isAnyBusy(), "the test is too light");
    }

    @Test
    void shouldEndStreamsBeforeTheirFiltersHaveSeenAllNames() {
        opened.stream().skip(1).forEach(client -> client.end(EndReason.CLOSING, new Slice()));
        await("the end", () -> containers.stream().skip(1).allMatch(each -> each.completions.get() == 1));
        assertTrue(Lanes.isExpensive(opened.get(0).writer()), "the others have had the time to see all names too");
    }

    @Test
    void shouldForgetClientsThatHaveGoneWithoutWaitingForTheirTurn() {
        containers.forEach(ScriptedContainer::fail);
        await("nobody to be left", () -> clients.count() == 0);
    }

    /** To compare one such name with one of the filters takes a tenth of a second or more. */
    @Test
    void shouldServeOthersWhileLongNamesAreComparedWithExpensiveFilters() throws IOException {
        open(CLIENTS, EventFilter.parse("order"));
        ScriptedContainer light = containers.get(CLIENTS);
        await("the light client's start", () -> comments(light) > 0);
        for (int i = 0; i < LONG_NAMES; i++) {
            source.produce(i + LONG_NAME, "for nobody");
            source.produce("order", "number " + i);
        }
        long start = System.nanoTime();
        await("all orders", () -> light.received().contains("data: number " + (LONG_NAMES - 1)));
        long took = System.nanoTime() - start;
        assertTrue(took < SOON.toNanos(), () -> "all orders after " + Duration.ofNanos(took));
    }

    private boolean isAnyBusy() {
        return opened.stream().anyMatch(each -> Lanes.isExpensive(each.writer()));
    }

    private static long comments(ScriptedContainer container) {
        return container.received().lines().filter(line -> line.startsWith(":")).count();
    }

    private void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            clients.tick(new Slice());
            assertTrue(System.nanoTime() - deadline < 0, () -> "waited too long for " + what);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
