package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.SwarmSelector;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * The clients of a run on two threads: each event of each client is held against what has to come next.
 *
 * <p>Threads: the caller's.
 */
final class LoadClients implements AutoCloseable {
    private static final int THREADS = 2;
    private static final long LOOK_NANOS = 1_000_000;

    private final List<LoadConnection> connections = new ArrayList<>();
    private final List<SwarmSelector> threads = new ArrayList<>();
    private final List<EventScanner> scanners = new ArrayList<>();
    private final LoadStats stats;

    /**
     * Clients that have not yet connected.
     *
     * @param targets the path and query that each client asks for
     */
    LoadClients(int port, Scenario scenario, LoadStats stats, IntFunction<String> targets) throws IOException {
        this.stats = stats;
        URI server = URI.create("http://127.0.0.1:" + port);
        for (int t = 0; t < THREADS; t++) {
            threads.add(new SwarmSelector("load-" + t, server, fault -> stats.fault(-1, fault)));
            scanners.add(new EventScanner(stats));
        }
        for (int i = 0; i < scenario.clients(); i++) {
            boolean stuck = scenario.stuckEvery() > 0 && i % scenario.stuckEvery() == scenario.stuckEvery() - 1;
            connections.add(new LoadConnection(stats, scanners.get(i % THREADS), i, stuck, targets.apply(i)));
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Connects all of them; later, all of them anew. */
    void open() {
        for (LoadConnection connection : connections) {
            threads.get(connection.number % THREADS).open(connection);
        }
    }

    /** Waits until all that read have been answered. */
    void awaitOpen(Duration limit) {
        Await.until(
                "answers to all clients",
                limit,
                () -> connections.stream().allMatch(c -> c.stuck || c.isOpen()),
                () -> connections.stream().filter(LoadConnection::isOpen).count() + " open, " + stats);
    }

    /** Waits until all have been told where they are, so that they can resume from there. */
    void awaitIds(Duration limit) {
        Await.until(
                "ids for all clients",
                limit,
                () -> connections.stream().allMatch(c -> c.lastId.length > 0),
                () -> connections.stream().filter(c -> c.lastId.length > 0).count() + " have one");
    }

    /** Waits until all connections have gone. */
    void awaitClosed(Duration limit) {
        Await.until(
                "all connections to end",
                limit,
                () -> connections.stream().noneMatch(LoadConnection::isOpen),
                () -> connections.stream().filter(LoadConnection::isOpen).count() + " open");
    }

    /** Waits a while for what has not yet come; says how many events are missing then. */
    long awaitMissing(IntToLongFunction expected, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        long missing = missing(expected);
        while (missing > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
            missing = missing(expected);
        }
        return missing;
    }

    private long missing(IntToLongFunction expected) {
        long missing = 0;
        for (LoadConnection connection : connections) {
            if (!connection.stuck) {
                missing += Math.max(0, expected.applyAsLong(connection.number) - connection.events());
            }
        }
        return missing;
    }

    /** The events of all clients so far. */
    long events() {
        return stats.events.sum();
    }

    /** The latencies of all clients since this was asked last. */
    Histogram latencies() {
        Histogram all = scanners.get(0).latencies();
        scanners.stream().skip(1).forEach(scanner -> all.add(scanner.latencies()));
        return all;
    }

    @Override
    public void close() {
        threads.forEach(SwarmSelector::close);
    }
}
