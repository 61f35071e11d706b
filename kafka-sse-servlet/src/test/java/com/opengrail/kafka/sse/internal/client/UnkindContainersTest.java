package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
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
import com.opengrail.kafka.sse.internal.writer.ClientWriter;
import com.opengrail.kafka.sse.internal.writer.Lanes;
import com.opengrail.kafka.sse.internal.writer.Writers;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.NoReplays;
import com.opengrail.kafka.sse.testing.Race;
import com.opengrail.kafka.sse.testing.ScriptedContainer;
import com.opengrail.kafka.sse.testing.SseParser;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real feed, cursors and writer threads, in front of containers that are as unkind as they may be. */
class UnkindContainersTest {
    private static final StreamRequest OF_ORDERS = new StreamRequest(
            List.of("orders"), EventFilter.all(), new Start.Latest(), Optional.empty(), "default", Optional.empty());

    private static final int CLIENTS = 24;
    private static final int RECORDS = 3_000;
    private static final int CONNECTIONS = 6;
    private static final int IDLE_CONTAINER_THREADS = 10;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final long seed = new Random().nextLong();
    private final ExecutorService containerThreads = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final FakeSource source = new FakeSource();
    private final FeedOptions options =
            new FeedOptions(1 << 24, 1 << 24, Duration.ofMillis(1), EventFilter.all(), Duration.ofSeconds(5), Set.of());
    private final Feeds feeds = new Feeds(
            new FeedSources(
                    source,
                    NoReplays.with(source),
                    "test",
                    new Counters(),
                    EngineThreads.ofCaller(),
                    System::nanoTime,
                    InstantSource.system()),
            options,
            1);
    private final Writers writers = new Writers(2, "test", EngineThreads.ofCaller(), System::nanoTime);
    private final List<Client> opened = new ArrayList<>();
    private Clients clients;

    @BeforeEach
    void startWriters() {
        writers.start();
        clients = newClients(LIMIT);
    }

    private Clients newClients(Duration stallTimeout) {
        return new Clients(
                new ClientOptions(20, 1000, stallTimeout.toMillis(), 0, Optional.of("stream-position"), 5_000, true),
                new ConnectionLimits(0, 0, 0),
                writers,
                new Rechecks("test", EngineThreads.ofCaller()),
                new Counters(),
                System::nanoTime);
    }

    @AfterEach
    void stop() {
        clients.close(1_000);
        feeds.close(1_000);
        containerThreads.shutdownNow();
        timer.shutdownNow();
    }

    @Test
    void shouldDeliverEverythingInOrderThroughContainersThatAreSeldomReady() throws IOException {
        assertDeliversAll(openAll(30));
    }

    /** The threads of lanes are replaced all the time. */
    @Test
    void shouldDeliverEverythingInOrderWhereWritesWaitForConnections() throws IOException {
        Random random = new Random(seed);
        Supplier<Thread> ofLane = Lanes.thread(writers);
        Thread first = ofLane.get();
        timer.scheduleWithFixedDelay(writers::replaceBlocked, 1, 1, TimeUnit.MILLISECONDS);
        assertDeliversAll(openAll(80, container -> container.share("connection " + random.nextInt(CONNECTIONS))));
        assertNotSame(first, ofLane.get(), "the test is too light");
    }

    private void assertDeliversAll(List<ScriptedContainer> containers) {
        produce(0, RECORDS);
        for (ScriptedContainer container : containers) {
            await("all events", () -> ids(container).size() == RECORDS);
            assertEquals(
                    IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList(), ids(container), "seed " + seed);
        }
        clients.close(LIMIT.toMillis());
        for (ScriptedContainer container : containers) {
            await("completion", () -> container.completions.get() == 1);
            assertTrue(container.received().endsWith("event: stream-position\ndata: \n\n"), "seed " + seed);
            assertEquals(List.of(), List.copyOf(container.violations), "seed " + seed);
        }
    }

    @Test
    void shouldEndAFailedStreamOnceAndLeaveTheOthersAlone() throws IOException {
        for (ScriptedContainer container : breakHalfOfThem(ScriptedContainer::fail)) {
            assertEquals(List.of(), List.copyOf(container.violations), "seed " + seed);
        }
    }

    @Test
    void shouldEndAStreamForWhichTheContainerHasNoMemoryAndLeaveTheOthersAlone() throws IOException {
        for (ScriptedContainer container : breakHalfOfThem(ScriptedContainer::runOutOfMemory)) {
            assertEquals(List.of(), List.copyOf(container.violations), "seed " + seed);
        }
        assertTrue(writers.areAlive(), "a writer thread has ended");
    }

    /** Returns when the others have got everything, and the broken ones are gone. */
    private List<ScriptedContainer> breakHalfOfThem(Consumer<ScriptedContainer> blow) throws IOException {
        List<ScriptedContainer> containers = openAll(60);
        produce(0, RECORDS / 2);
        containers.subList(0, CLIENTS / 2).forEach(blow);
        produce(RECORDS / 2, RECORDS);
        for (ScriptedContainer container : containers.subList(CLIENTS / 2, CLIENTS)) {
            await("all events", () -> ids(container).size() == RECORDS);
        }
        for (ScriptedContainer container : containers.subList(0, CLIENTS / 2)) {
            await("completion", () -> container.completions.get() == 1);
        }
        await("clients to be gone", () -> clients.count() == CLIENTS / 2);
        return containers;
    }

    @Test
    void shouldDropAClientThatTakesNothingThoughSomeWaits() throws IOException {
        clients = newClients(Duration.ofMillis(100));
        List<ScriptedContainer> containers = openAll(100);
        ScriptedContainer stalled = containers.get(0);
        produce(0, 1);
        await("the first event", () -> ids(stalled).size() == 1);
        stalled.stall();
        produce(1, RECORDS);
        await("the stalled client to be dropped", () -> stalled.completions.get() == 1);
        for (ScriptedContainer container : containers.subList(1, CLIENTS)) {
            await("all events", () -> ids(container).size() == RECORDS);
        }
        assertEquals(CLIENTS - 1, clients.count());
    }

    /** The slice is that of a writer thread, or of who closes all: the next client's, too. */
    @Test
    void shouldLeaveNoBytesToTheNextClientWhenAWriteFails() throws IOException {
        List<ScriptedContainer> containers = openAll(100);
        containers.forEach(ScriptedContainer::fail);
        Slice slice = new Slice();
        for (Client client : opened) {
            client.end(EndReason.CLOSING, slice);
            assertEquals(0, slice.length(), "bytes left behind");
        }
    }

    /** A container reports from a thread of its own, and starts more threads where it has more to complete than idle ones. */
    @Test
    void shouldEndOneStreamAfterTheOtherWhenAllAreClosed() throws IOException {
        List<ScriptedContainer> containers = openAll(100);
        Thread closing = Thread.currentThread();
        AtomicInteger due = new AtomicInteger();
        AtomicInteger mostDue = new AtomicInteger();
        for (ScriptedContainer container : containers) {
            container.reportCompletionsTo(report -> {
                mostDue.accumulateAndGet(due.incrementAndGet(), Math::max);
                containerThreads.execute(() -> {
                    while (closing.getState() != Thread.State.TIMED_WAITING && !containerThreads.isShutdown()) {
                        LockSupport.parkNanos(10_000);
                    }
                    due.decrementAndGet();
                    report.run();
                });
            });
        }
        clients.close(5_000);
        await("all completions", () -> containers.stream().allMatch(each -> each.completions.get() == 1));
        assertTrue(mostDue.get() <= IDLE_CONTAINER_THREADS, mostDue + " completions were due at once, seed " + seed);
    }

    @Test
    void shouldEndStreamsWithTheirPositionThatTheContainerTimesOutWhileAllAreClosed() throws Exception {
        List<ScriptedContainer> containers = openAll(100);
        Race.run(() -> containers.forEach(ScriptedContainer::timeOut), () -> clients.close(LIMIT.toMillis()));
        for (ScriptedContainer container : containers) {
            await("completion", () -> container.completions.get() == 1);
            assertEquals(3, container.received().split("\nevent: stream-position\ndata: \n\n", -1).length);
            assertEquals(List.of(), List.copyOf(container.violations), "seed " + seed);
        }
    }

    @Test
    void shouldEndAStreamThatTheContainerTimesOutThoughItTakesNothing() throws IOException {
        ScriptedContainer stalled = openAll(100).get(0);
        stalled.stall();
        produce(0, 1);
        stalled.timeOut();
        assertEquals(1, stalled.completions.get());
    }

    /** Tomcat ends the request as soon as the report returns. */
    @Test
    void shouldEndAStreamWithItsPositionThatTheContainerTimesOutWhileItWaitsForItsTurn() throws Exception {
        ScriptedContainer container = openAll(100).get(0);
        AutoCloseable turnOfOther = Lanes.occupy(writers, LIMIT);
        ClientWriter waiting = opened.get(0).writer();
        produce(0, 1);
        Await.until("the client waits for its turn", LIMIT, () -> Lanes.isHeld(waiting), container::received);
        Thread report = new Thread(container::timeOut);
        report.start();
        Await.until(
                "the report",
                LIMIT,
                () -> report.getState() == Thread.State.TIMED_WAITING || !report.isAlive(),
                report::getState);
        turnOfOther.close();
        report.join(LIMIT.toMillis());
        assertEquals(3, container.received().split("\nevent: stream-position\ndata: \n\n", -1).length);
        assertEquals(List.of(), List.copyOf(container.violations), "seed " + seed);
    }

    /** A stranger may name some thousand partitions. */
    @Test
    void shouldNotKeepTheStartOfAStreamThatHasStarted() throws IOException {
        WeakReference<Start> start = openAtAnOffset();
        await("the start to be let go", () -> {
            System.gc();
            return start.get() == null;
        });
        assertEquals(1, opened.size());
    }

    private WeakReference<Start> openAtAnOffset() throws IOException {
        Start start = new Start.AtOffsets(Map.of(0, 0L));
        StreamRequest asked = new StreamRequest(
                List.of("orders"), EventFilter.all(), start, Optional.empty(), "offset=0:0", Optional.empty());
        open(new ScriptedContainer(seed, 100, containerThreads), asked);
        return new WeakReference<>(start);
    }

    private List<ScriptedContainer> openAll(int readyPercent) throws IOException {
        return openAll(readyPercent, container -> {});
    }

    private List<ScriptedContainer> openAll(int readyPercent, Consumer<ScriptedContainer> preparation)
            throws IOException {
        List<ScriptedContainer> containers = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            ScriptedContainer container = new ScriptedContainer(seed + i, readyPercent, containerThreads);
            preparation.accept(container);
            containers.add(container);
            open(container, OF_ORDERS);
        }
        for (ScriptedContainer container : containers) {
            Await.until(
                    "the first block, seed " + seed,
                    LIMIT,
                    () -> container.received().contains("stream-position"),
                    container::received);
        }
        return containers;
    }

    private void open(ScriptedContainer container, StreamRequest asked) throws IOException {
        var membership = feeds.enter(List.of("orders"), "192.0.2.1");
        Client client = clients.add(new StreamOpening(
                membership,
                container.context,
                clients.slots().take("127.0.0.1", null),
                asked,
                new CallOptions(StreamOptions.defaults(), true),
                Access.unlimited(),
                null,
                Instant.now()));
        opened.add(client);
        client.writer().start();
        membership.follow(asked.start(), client);
        container.servletReturned();
    }

    private void produce(int from, int to) {
        for (int i = from; i < to; i++) {
            source.produce("order", "number " + i);
        }
    }

    private static List<String> ids(ScriptedContainer container) {
        List<String> ids = new ArrayList<>();
        SseParser parser = new SseParser((id, type, data) -> {
            if (type.equals("order")) {
                ids.add(id);
            }
        });
        parser.feed(container.received().getBytes(StandardCharsets.UTF_8));
        return ids;
    }

    private void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            clients.tick(new Slice());
            assertTrue(System.nanoTime() - deadline < 0, () -> "waited too long for " + what + ", seed " + seed);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
