package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.endsWith;
import static org.mockito.Mockito.doCallRealMethod;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.ClientFilters;
import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.access.ConnectionLimits;
import com.opengrail.kafka.sse.internal.feed.FeedOptions;
import com.opengrail.kafka.sse.internal.feed.FeedSources;
import com.opengrail.kafka.sse.internal.feed.Feeds;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.request.Cors;
import com.opengrail.kafka.sse.internal.request.RequestRules;
import com.opengrail.kafka.sse.internal.request.TopicRoles;
import com.opengrail.kafka.sse.internal.request.TopicRules;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.NoReplays;
import com.opengrail.kafka.sse.testing.Race;
import com.opengrail.kafka.sse.testing.ScriptedContainer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request against the undeployment: it is answered to its end, and nothing is left running. */
class StreamServerRaceTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NAME = "server-race";
    private static final int ROUNDS = 150;
    private static final int KEEP_ALIVES = 5;
    private static final long CLOCK_BEFORE_ZERO_NANOS = 50_000_000;

    private final ExecutorService containerThreads = Executors.newFixedThreadPool(2);
    private final FakeSource source = new FakeSource();

    @AfterEach
    void stop() {
        containerThreads.shutdownNow();
    }

    @Test
    void shouldEndStreamsThatBeginWhileAllIsClosedAndLeaveNothingRunning() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            ScriptedContainer container = new ScriptedContainer(round, 100, containerThreads);
            HttpServletRequest request = request(container);
            HttpServletResponse response = (HttpServletResponse) container.context.getResponse();
            StreamServer server = newServer(System::nanoTime);
            Race.run(() -> serve(server, container, request, response), server::close);
            String what = "round " + round;
            if (container.isListenedTo()) {
                Await.until(what, LIMIT, () -> container.completions.get() > 0, container::received);
                assertEquals(List.of(), List.copyOf(container.violations), what);
            } else {
                // Told to come back, by a write of a request that is not asynchronous.
                assertTrue(container.received().startsWith("retry: "), container.received());
            }
        }
        Await.until("the end of all threads", LIMIT, () -> running().isEmpty(), StreamServerRaceTest::running);
    }

    /** The clock's zero is anywhere: its readings may be negative, and become positive while a stream lasts. */
    @Test
    void shouldNotEndStreamsWithoutALimitWhereTheClockReadsNegative() throws Exception {
        long now = System.nanoTime();
        ScriptedContainer container = new ScriptedContainer(1, 100, containerThreads);
        HttpServletResponse response = (HttpServletResponse) container.context.getResponse();
        try (StreamServer server = newServer(() -> System.nanoTime() - now - CLOCK_BEFORE_ZERO_NANOS)) {
            serve(server, container, request(container), response);
            Await.until(
                    "keep-alives",
                    LIMIT,
                    () -> container.received().split("\n:", -1).length > KEEP_ALIVES || container.completions.get() > 0,
                    container::received);
            assertEquals(0, container.completions.get(), "the stream has been ended: " + container.received());
        }
    }

    private static void serve(
            StreamServer server, ScriptedContainer container, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        server.serve(request, response, new CallOptions(StreamOptions.defaults(), true));
        if (container.isListenedTo()) {
            container.servletReturned();
        }
    }

    /** An engine that cannot be made is not closed, by anybody. */
    @Test
    void shouldLeaveNothingRunningWhereItsTimerCannotBeMade() {
        EngineThreads threads = spy(EngineThreads.ofCaller());
        doThrow(new OutOfMemoryError("for the test")).when(threads).newThread(any(), endsWith("-timer"));
        assertThrows(OutOfMemoryError.class, () -> newServer(threads, System::nanoTime));
        Await.until("the end of all threads", LIMIT, () -> running().isEmpty(), StreamServerRaceTest::running);
    }

    @Test
    void shouldLeaveNothingRunningWhereTheLastThreadThatWritesCannotBeStarted() {
        EngineThreads threads = spy(EngineThreads.ofCaller());
        doCallRealMethod()
                .doAnswer(call -> {
                    Thread thread = spy((Thread) call.callRealMethod());
                    doThrow(new OutOfMemoryError("for the test")).when(thread).start();
                    return thread;
                })
                .when(threads)
                .adopt(any());
        assertThrows(OutOfMemoryError.class, () -> newServer(threads, System::nanoTime));
        Await.until("the end of all threads", LIMIT, () -> running().isEmpty(), StreamServerRaceTest::running);
    }

    private StreamServer newServer(LongSupplier nanoTime) {
        return newServer(EngineThreads.ofCaller(), nanoTime);
    }

    private StreamServer newServer(EngineThreads threads, LongSupplier nanoTime) {
        FeedOptions ofFeeds = new FeedOptions(
                1 << 16, 1 << 24, Duration.ofMillis(1), EventFilter.all(), Duration.ofSeconds(5), Set.of());
        Feeds feeds = new Feeds(
                new FeedSources(
                        source,
                        NoReplays.with(source),
                        NAME,
                        new Counters(),
                        EngineThreads.ofCaller(),
                        nanoTime,
                        InstantSource.system()),
                ofFeeds,
                1);
        ServerOptions options = new ServerOptions(
                NAME,
                2,
                false,
                new ConnectionLimits(0, 0, 0),
                new ClientOptions(20, 1000, 0, 0, Optional.of("stream-position"), 5_000, true),
                new RequestRules(
                        new TopicRules(List.of("orders"), new Start.Latest(), topic -> true, 10),
                        new TopicRoles(topic -> Set.of()),
                        ClientFilters.REGEX,
                        new ReservedNames(Optional.of("stream-position")),
                        InstantSource.system()),
                new Cors(origin -> false, false, false, List.of()));
        return new StreamServer(options, feeds, new Counters(), threads, nanoTime);
    }

    private static HttpServletRequest request(ScriptedContainer container) {
        HttpServletRequest request = mock(HttpServletRequest.class);
        when(request.getMethod()).thenReturn("GET");
        when(request.getHeaders("Accept")).thenAnswer(call -> Collections.enumeration(List.of("text/event-stream")));
        when(request.getHeaders("Last-Event-ID")).thenAnswer(call -> Collections.emptyEnumeration());
        when(request.getParameterNames()).thenAnswer(call -> Collections.emptyEnumeration());
        when(request.getRemoteAddr()).thenReturn("127.0.0.1");
        when(request.isAsyncSupported()).thenReturn(true);
        when(request.startAsync(any(), any())).thenReturn(container.context);
        return request;
    }

    private static List<String> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(NAME))
                .toList();
    }
}
