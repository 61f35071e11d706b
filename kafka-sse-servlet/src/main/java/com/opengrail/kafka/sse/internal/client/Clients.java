package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.cursor.Slice;
import com.opengrail.kafka.sse.internal.log.QuietLog;
import com.opengrail.kafka.sse.internal.match.PredicateFailure;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All open streams and the threads that write to them.
 *
 * <p>Threads: safe.
 */
final class Clients {
    private static final Logger LOG = LoggerFactory.getLogger(Clients.class);

    /** A stream is opened without a position when the brokers have not answered in this time. */
    static final long ANSWER_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The least and the most of a spread value, in per cent. */
    private static final int SPREAD_FROM = 50;

    private static final int SPREAD_TO = 150;
    /** How long a container has to report a failed write before the request is ended without. */
    private static final long REPORT_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long CLOSE_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** How long a container has to complete one request before the next one is ended. */
    private static final long COMPLETION_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long COMPLETION_CHECK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final ClientOptions options;
    private final Counters counters;
    private final LongSupplier nanoTime;
    private final WriterThread[] writers;
    private final AtomicInteger open = new AtomicInteger();
    private final Queue<ClientWriter> unreported = new ConcurrentLinkedQueue<>();
    private final Places places;
    private final QuietLog predicateLog;
    private final QuietLog brokenLog;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile boolean closed;

    Clients(
            ClientOptions options,
            ConnectionLimits limits,
            WriterThread[] writers,
            Counters counters,
            LongSupplier nanoTime) {
        this.options = options;
        this.places = new Places(limits);
        this.counters = counters;
        this.nanoTime = nanoTime;
        this.predicateLog = new QuietLog(LOG, nanoTime);
        this.brokenLog = new QuietLog(LOG, nanoTime);
        this.writers = writers;
    }

    ClientOptions options() {
        return options;
    }

    Counters counters() {
        return counters;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    Turn newTurn() {
        return new Turn(WriterThread.WRITE_BYTES, nanoTime);
    }

    /** A value between half of what was given and one and a half times as much, so that many do not come back at once. */
    long spread(long value) {
        return value <= 0
                ? value
                : Math.max(1, value * ThreadLocalRandom.current().nextLong(SPREAD_FROM, SPREAD_TO + 1L) / 100);
    }

    Places places() {
        return places;
    }

    /** Makes a client of a stream for which a place has been taken. */
    Client add(StreamOpening opening) throws IOException {
        WriterThread thread = writers[Math.floorMod(turn.getAndIncrement(), writers.length)];
        Client client = new Client(opening, this, thread);
        open.incrementAndGet();
        client.writer().enter();
        return client;
    }

    /** A client that has left its writer thread gives its place back. */
    void removed(Client client) {
        open.decrementAndGet();
        client.place().release();
    }

    boolean isClosed() {
        return closed;
    }

    /** A stream has failed; its request is ended by the container's report or, if there is none, some time later. */
    void reportDue(ClientWriter failed) {
        unreported.add(failed);
    }

    /** The application's predicate has failed. It may do so again for each client that comes back. */
    void predicateFailed(Client client, PredicateFailure failure) {
        predicateLog.warn(
                "Ended the stream of client " + client + ": the predicate on its events failed", failure.getCause());
    }

    /** A stream failed in the container, for want of memory for example, or in this library. */
    void broken(Client client, Throwable cause) {
        brokenLog.error("Ended the stream of client " + client + ": it failed on this side", cause);
    }

    int count() {
        return open.get();
    }

    long count(Phase phase) {
        return all().filter(client -> client.phase() == phase).count();
    }

    /** All that are open; of those that come or go meanwhile, some. */
    private Stream<Client> all() {
        return Arrays.stream(writers).flatMap(WriterThread::clients).map(ClientWriter::client);
    }

    boolean areWritersAlive() {
        return Arrays.stream(writers).allMatch(Thread::isAlive);
    }

    /** Looks after all clients: called often by one thread. */
    void tick(Slice slice) {
        long now = now();
        all().forEach(client -> client.tick(now, slice));
        completeUnreportedSince(now - REPORT_WITHIN_NANOS);
    }

    private void completeUnreportedSince(long time) {
        unreported.removeIf(failed -> failed.completeIfUnreportedSince(time));
    }

    private boolean isAnyUnfinished() {
        completeUnreportedSince(now() - REPORT_WITHIN_NANOS);
        return open.get() > 0 || !unreported.isEmpty();
    }

    /**
     * Ends all streams, each with its position. The calling thread does what it can itself, since the container may take
     * the connections away as soon as it returns.
     */
    void close(long millis) {
        closed = true;
        Slice slice = new Slice();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        endEach(slice, deadline);
        while (isAnyUnfinished() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(CLOSE_CHECK_NANOS);
            endEach(slice, deadline);
        }
        all().forEach(client -> client.writer().dropIfWaiting());
        completeUnreportedSince(now());
        for (WriterThread writer : writers) {
            writer.close();
        }
    }

    /**
     * Ends the streams whose clients take bytes, one after the other. Asked to complete many requests at once, Tomcat
     * starts threads for them, each of which keeps the application whose code was on the stack in memory as long as it
     * lives (before Java 24: by its inherited AccessControlContext). For one at a time those that it has suffice.
     */
    private void endEach(Slice slice, long deadline) {
        all().forEach(client -> {
            client.end(slice);
            awaitCompletion(client.writer(), deadline);
        });
    }

    private static void awaitCompletion(ClientWriter writer, long deadline) {
        long start = System.nanoTime();
        while (writer.isCompletionDue()
                && System.nanoTime() - start < COMPLETION_NANOS
                && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(COMPLETION_CHECK_NANOS);
        }
    }

    /** The threads that end when they have done what is left to do after {@link #close}. */
    List<WriterThread> writers() {
        return List.of(writers);
    }
}
