package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * Thousands of clients of one stream on one or two threads, each event of each client checked.
 *
 * <p>Understands streams as this project writes them: lines end with LF, and a field name is followed by a colon.
 *
 * <p>Threads: the selectors run on their own; any thread may ask and wait.
 */
public final class SseSwarm implements AutoCloseable {

    private static final long LOOK_MILLIS = 20;

    private final List<SwarmConnection> connections = new ArrayList<>();
    private final List<SwarmSelector> selectors = new ArrayList<>();

    /** One for each selector, which reuses it. */
    private final List<SwarmEvent> events = new ArrayList<>();

    private final SwarmStats stats = new SwarmStats();

    /** Brings clients back. */
    private final ScheduledExecutorService timer =
            new ScheduledThreadPoolExecutor(1, SseSwarm::daemon, new ThreadPoolExecutor.DiscardPolicy());

    private SseSwarm(Builder builder) throws IOException {
        byte[] head = builder.head();
        for (int t = 0; t < builder.selectors; t++) {
            selectors.add(new SwarmSelector("sse-swarm-" + t, builder.url, fault -> stats.fault(-1, fault)));
            events.add(new SwarmEvent());
        }
        for (int i = 0; i < builder.connections; i++) {
            boolean stuck = builder.stuckEvery > 0 && i % builder.stuckEvery == builder.stuckEvery - 1;
            SwarmEvent event = events.get(i % builder.selectors);
            SwarmConnection connection = new SwarmConnection(i, stuck, builder.checks.apply(i), stats, event);
            connection.head = head;
            connection.lastEventId = builder.lastEventIds.apply(i).getBytes(StandardCharsets.US_ASCII);
            connection.eventsLeft = builder.mostEvents.applyAsInt(i);
            SwarmSelector selector = selectors.get(i % builder.selectors);
            if (builder.mostBytes > 0) {
                Random random = new Random(builder.seed + i);
                connection.returning = new SwarmReturn(selector, timer, builder.mostBytes, random);
            }
            connections.add(connection);
            selector.open(connection);
        }
        selectors.forEach(SwarmSelector::start);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "sse-swarm-returns");
        thread.setDaemon(true);
        return thread;
    }

    /** A swarm against this URL, to be started. */
    public static Builder against(URI url) {
        return new Builder(url);
    }

    /** How many clients of which kind; each has a default but the URL. */
    public static final class Builder {

        private final URI url;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private IntFunction<SwarmCheck> checks = i -> SwarmCheck.none();
        private IntFunction<String> lastEventIds = i -> "";
        private IntUnaryOperator mostEvents = i -> Integer.MAX_VALUE;
        private int connections = 1;
        private int selectors = 1;
        private int stuckEvery;
        private int mostBytes;
        private long seed;

        private Builder(URI url) {
            this.url = url;
            headers.put("Host", url.getAuthority());
            headers.put("Accept", "text/event-stream");
        }

        public Builder connections(int number) {
            connections = number;
            return this;
        }

        public Builder selectors(int number) {
            selectors = number;
            return this;
        }

        /** Every n-th client sends its request and never reads; 0: none. */
        public Builder stuckEvery(int n) {
            stuckEvery = n;
            return this;
        }

        public Builder header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        /** Makes the check of each connection, which is given by its number from 0. */
        public Builder checks(IntFunction<SwarmCheck> perConnection) {
            checks = perConnection;
            return this;
        }

        /** With what each connection, given by its number, says that it comes back; empty: it comes for the first time. */
        public Builder lastEventIds(IntFunction<String> perConnection) {
            lastEventIds = perConnection;
            return this;
        }

        /** After how many events each connection, given by its number, ignores all, as if it had been cut off then. */
        public Builder mostEvents(IntUnaryOperator perConnection) {
            mostEvents = perConnection;
            return this;
        }

        /**
         * Lets each client come back whenever its connection ends, with the id of its last event, and cut itself off after a
         * random number of bytes up to this one.
         */
        public Builder returning(int mostBytesOfConnection, long randomSeed) {
            mostBytes = mostBytesOfConnection;
            seed = randomSeed;
            return this;
        }

        public SseSwarm start() throws IOException {
            return new SseSwarm(this);
        }

        private byte[] head() {
            String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
            String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
            StringBuilder head = new StringBuilder("GET " + path + query + " HTTP/1.1\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            head.setLength(head.length() - "\r\n".length());
            return head.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    public SwarmStats stats() {
        return stats;
    }

    /** Waits until every client that reads has been answered, one way or the other. */
    public void awaitAllAnswered(Duration limit) throws InterruptedException {
        long readers = connections.stream().filter(c -> !c.stuck).count();
        await("answers to " + readers, limit, () -> stats.opened() + stats.refused() + stats.failed() >= readers);
    }

    /** Ends the cuts of clients that come back, one more of each apart. */
    public void calmDown() {
        for (SwarmConnection connection : connections) {
            if (connection.returning != null) {
                connection.returning.calmDown();
            }
        }
    }

    /** Waits until every client that reads has had this many events. */
    public void awaitEvents(int each, Duration limit) throws InterruptedException {
        await(each + " events each", limit, () -> fewestEvents() >= each);
    }

    /** Waits until all clients together have had this many events. */
    public void awaitEventsOfAll(long together, Duration limit) throws InterruptedException {
        await(together + " events", limit, () -> stats.events() >= together);
    }

    /** What each client would send as {@code Last-Event-ID}, by its number; to be asked when the swarm is closed. */
    public Map<Integer, String> lastEventIds() {
        Map<Integer, String> ids = new HashMap<>();
        for (SwarmConnection connection : connections) {
            ids.put(connection.number, new String(connection.lastEventId, StandardCharsets.US_ASCII));
        }
        return ids;
    }

    /** Events of the client that reads and has had the fewest. */
    public int fewestEvents() {
        int fewest = Integer.MAX_VALUE;
        for (SwarmConnection connection : connections) {
            if (!connection.stuck) {
                fewest = Math.min(fewest, connection.events());
            }
        }
        return fewest;
    }

    private synchronized void await(String what, Duration limit, BooleanSupplier condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited for " + what + " but got " + stats);
            }
            // Looked at from time to time, so that the selectors need not tell anybody about each event.
            wait(LOOK_MILLIS);
        }
    }

    /** Cuts all connections off with a reset. */
    @Override
    public void close() {
        timer.shutdownNow();
        for (SwarmSelector selector : selectors) {
            selector.close();
        }
    }
}
