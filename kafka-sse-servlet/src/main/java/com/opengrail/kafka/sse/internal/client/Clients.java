package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.StreamInfo;
import com.opengrail.kafka.sse.internal.access.Access;
import com.opengrail.kafka.sse.internal.access.ConnectionLimits;
import com.opengrail.kafka.sse.internal.access.EndReason;
import com.opengrail.kafka.sse.internal.access.Rechecks;
import com.opengrail.kafka.sse.internal.access.Sessions;
import com.opengrail.kafka.sse.internal.access.Slots;
import com.opengrail.kafka.sse.internal.log.QuietLog;
import com.opengrail.kafka.sse.internal.match.PredicateFailure;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.threads.Deadline;
import com.opengrail.kafka.sse.internal.writer.ClientWriter;
import com.opengrail.kafka.sse.internal.writer.Writers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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

    /** A stream opens without a position if the brokers have not answered within this time. */
    static final long ANSWER_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long CLOSE_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** How long a container may take to report a failed write. After that the request is completed without a report. */
    private static final long REPORT_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long a container may take to complete one request before the next stream is ended. */
    private static final Duration COMPLETION = Duration.ofMillis(20);

    private static final long COMPLETION_CHECK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final ClientOptions options;
    private final Counters counters;
    private final LongSupplier nanoTime;
    private final Writers writers;
    private final AtomicInteger open = new AtomicInteger();

    private final Sessions sessions = new Sessions();
    private final Rechecks rechecks;
    private final Slots slots;
    private final QuietLog predicateLog;
    private final QuietLog brokenLog;
    private volatile boolean closed;

    Clients(
            ClientOptions options,
            ConnectionLimits limits,
            Writers writers,
            Rechecks rechecks,
            Counters counters,
            LongSupplier nanoTime) {
        this.options = options;
        this.slots = new Slots(limits);
        this.rechecks = rechecks;
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

    /** The reconnection time of the next client; 0: none. */
    long retryMillis() {
        return spread(options.retryMillis());
    }

    /** A random value between 50 % and 150 % of the given one, so that not all clients come back at once. */
    static long spread(long value) {
        return value <= 0
                ? value
                : Math.max(1, value / 2 + ThreadLocalRandom.current().nextLong(value + 1));
    }

    Slots slots() {
        return slots;
    }

    /** Makes a client for a stream. Its slot has been taken already. */
    Client add(StreamOpening opening) throws IOException {
        Client client = new Client(opening, this, writers);
        open.incrementAndGet();
        client.writer().enter();
        return client;
    }

    /**
     * A client can be written to. By now its request has been through the application's filters and its servlet, except on
     * Payara. What they do afterwards has been done: the session is saved, the stream is noted.
     */
    void writable(Client client) {
        Access access = client.access();
        if (!client.isGone() && !access.isConfirmed()) {
            access.askFirst(now(), rechecks, client.payer(), client::wake);
            if (client.isGone()) {
                access.end(rechecks);
            }
        }
    }

    /** A client that has left its writer thread gives its slot back. */
    void removed(Client client) {
        client.slot().release();
        open.decrementAndGet();
        sessions.leave(client.access().session());
        client.access().end(rechecks);
    }

    boolean isClosed() {
        return closed;
    }

    /** The application's predicate has failed. It may fail again when the client comes back. */
    void predicateFailed(Client client, PredicateFailure failure) {
        predicateLog.warn(
                "Ended the stream of client " + client + ": the predicate on its events failed", failure.getCause());
    }

    /** A stream failed in the container, for lack of memory for example, or in this library. */
    void broken(Client client, Throwable cause) {
        brokenLog.error("Ended the stream of client " + client + ": it failed on this side", cause);
    }

    int count() {
        return open.get();
    }

    long count(StreamInfo.State state) {
        return all().filter(client -> client.state() == state).count();
    }

    Sessions sessions() {
        return sessions;
    }

    /** Why a client has lost access, or {@code null} if it has not. */
    EndReason lostAccess(Client client, long now) {
        long recheckNanos = TimeUnit.MILLISECONDS.toNanos(options.recheckMillis());
        return client.access().lost(now, recheckNanos, rechecks, client.payer());
    }

    List<StreamInfo> infos() {
        return all().map(Client::info).toList();
    }

    /**
     * Ends the streams of a user, each with its position, and returns their number. The thread's interrupt is cleared meanwhile,
     * because containers close the channel of an interrupted thread without a word. To end a client may itself interrupt this
     * thread, if the client's check has called this.
     */
    int endOfUser(String user) {
        Slice slice = new Slice();
        List<Client> theirs =
                all().filter(client -> user.equals(client.slot().user())).toList();
        boolean isInterrupted = Thread.interrupted();
        try {
            for (Client client : theirs) {
                client.end(EndReason.OPERATOR, slice);
                isInterrupted |= Thread.interrupted();
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return theirs.size();
    }

    /** All open streams. Those that come or go meanwhile may be missing. */
    private Stream<Client> all() {
        return writers.clients().map(Client.class::cast);
    }

    /** What fails for one client, in code of the application or the container, fails for no other. */
    private void each(Consumer<Client> action) {
        all().forEach(client -> {
            try {
                action.accept(client);
            } catch (Throwable e) {
                brokenLog.error("Looking after client " + client + " failed", e);
            }
        });
    }

    /** Looks after all clients. Called often, by the timer. */
    void tick(Slice slice) {
        long now = now();
        each(client -> client.tick(now, slice));
        rechecks.tick();
        writers.completeAllSince(now - REPORT_WITHIN_NANOS);
    }

    private boolean isAnyUnfinished() {
        writers.completeAllSince(now() - REPORT_WITHIN_NANOS);
        return open.get() > 0 || writers.isAnyUnreported();
    }

    /**
     * Ends all streams, each with its position. The calling thread does as much as it can itself, because the container
     * may close the connections as soon as this method returns.
     */
    void close(long millis) {
        closed = true;
        Slice slice = new Slice();
        Deadline deadline = Deadline.in(Duration.ofMillis(millis));
        deadline.pauseWhile(
                () -> {
                    endEach(slice, deadline);
                    return isAnyUnfinished();
                },
                CLOSE_CHECK_NANOS);
        each(client -> client.writer().dropIfWaitingSince(now()));
        writers.completeAllSince(now());
        writers.close();
    }

    /**
     * Ends the streams whose clients take bytes, one after the other. If many requests are completed at once, Tomcat
     * starts threads for them. Before Java 24, each of these threads keeps the application in memory as long as the
     * thread lives, by its inherited AccessControlContext. If one is completed at a time, the existing threads are
     * enough.
     */
    private void endEach(Slice slice, Deadline deadline) {
        each(client -> {
            client.end(EndReason.CLOSING, slice);
            awaitCompletion(client.writer(), deadline);
        });
    }

    private static void awaitCompletion(ClientWriter writer, Deadline deadline) {
        Deadline.in(COMPLETION)
                .pauseWhile(() -> writer.isCompletionDue() && !deadline.isOver(), COMPLETION_CHECK_NANOS);
    }
}
