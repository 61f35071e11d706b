package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final byte[] NOTHING = {};
    private static final byte[] RESUMPTION = "\r\nLast-Event-ID: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final List<SwarmConnection> connections = new ArrayList<>();
    private final List<SwarmSelector> selectors = new ArrayList<>();
    private final SwarmStats stats = new SwarmStats();

    private SseSwarm(Builder builder) throws IOException {
        Plan plan = builder.plan();
        for (int s = 0; s < plan.selectors(); s++) {
            SwarmEvent event = new SwarmEvent();
            List<SwarmConnection> share = new ArrayList<>();
            for (int i = s; i < builder.connections; i += plan.selectors()) {
                boolean stuck = builder.stuckEvery > 0 && i % builder.stuckEvery == builder.stuckEvery - 1;
                SwarmConnection connection = new SwarmConnection(i, stuck, builder.checks.apply(i), stats, event);
                connection.lastEventId = builder.lastEventIds.apply(i).getBytes(StandardCharsets.US_ASCII);
                connection.eventsLeft = builder.mostEvents.applyAsInt(i);
                share.add(connection);
            }
            connections.addAll(share);
            selectors.add(new SwarmSelector(plan, share, stats, s));
        }
        selectors.forEach(SwarmSelector::start);
    }

    /** A swarm against this URL, to be started. */
    public static Builder against(URI url) {
        return new Builder(url);
    }

    /** What the selectors need to know. */
    record Plan(URI url, byte[] head, int selectors, double perSecond, int localAddresses) {

        ByteBuffer request(byte[] lastEventId) {
            byte[] resumption = lastEventId.length == 0 ? NOTHING : RESUMPTION;
            return ByteBuffer.allocate(head.length + resumption.length + lastEventId.length + END_OF_HEAD.length)
                    .put(head)
                    .put(resumption)
                    .put(lastEventId)
                    .put(END_OF_HEAD)
                    .flip();
        }
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
        private int localAddresses;
        private double perSecond = 1000;

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

        /** How fast connections are opened, over all selectors. */
        public Builder perSecond(double rate) {
            perSecond = rate;
            return this;
        }

        /** Every n-th client sends its request and never reads; 0: none. */
        public Builder stuckEvery(int n) {
            stuckEvery = n;
            return this;
        }

        /** Clients come from 127.0.0.1 to 127.0.0.n in turn; one address has about 28000 ports to one server. */
        public Builder localAddresses(int n) {
            localAddresses = n;
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

        public SseSwarm start() throws IOException {
            return new SseSwarm(this);
        }

        private Plan plan() {
            String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
            String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
            StringBuilder head = new StringBuilder("GET " + path + query + " HTTP/1.1\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            head.setLength(head.length() - "\r\n".length());
            byte[] bytes = head.toString().getBytes(StandardCharsets.UTF_8);
            return new Plan(url, bytes, selectors, perSecond, localAddresses);
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
        for (SwarmSelector selector : selectors) {
            selector.close();
        }
    }
}
