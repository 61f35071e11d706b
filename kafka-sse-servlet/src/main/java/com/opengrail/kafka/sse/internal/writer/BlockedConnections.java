package com.opengrail.kafka.sse.internal.writer;

import com.opengrail.kafka.sse.internal.log.QuietLog;
import jakarta.servlet.ServletRequest;
import java.util.Comparator;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that writes wait for, the threads that wait, and the other clients of these connections. With HTTP/2, many
 * streams may share a connection. Tomcat says that it takes bytes as long as a client's windows allow, and then waits for the
 * socket.
 *
 * <p>Threads: safe.
 *
 * <p>Limits: if too many threads wait, the one that has waited longest is interrupted. Then the container gives up the
 * connection.
 */
final class BlockedConnections {
    private static final Logger LOG = LoggerFactory.getLogger(BlockedConnections.class);

    static final int MAX_THREADS = 32;

    /** After a thread was told to end, no other is told so for a while, in which it may do so. */
    private static final long ENDING_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Set<WriterThread> threads = ConcurrentHashMap.newKeySet();

    /** By connection, the clients that wait for the one thread that serves it. */
    private final Map<String, BlockingQueue<LaneMember>> clients = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /** The timer's: when a thread was last told to end. */
    private long toldAt;

    private final LongSupplier nanoTime;
    private final QuietLog log;

    BlockedConnections(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.toldAt = nanoTime.getAsLong() - ENDING_NANOS;
        this.log = new QuietLog(LOG, nanoTime);
    }

    /** The connection of a request if others may be on it at the same time; otherwise {@code null}. */
    static String sharedBy(ServletRequest request) {
        return request.getProtocol().startsWith("HTTP/1.")
                ? null
                : request.getServletConnection().getConnectionId();
    }

    /** True if one more thread may wait. If not, it makes room for one. */
    boolean hasRoom() {
        if (threads.size() < MAX_THREADS) {
            return true;
        }
        long now = nanoTime.getAsLong();
        if (now - toldAt >= ENDING_NANOS) {
            toldAt = now;
            log.warn(MAX_THREADS
                    + " threads wait for connections that take no bytes, or in predicates of the application."
                    + " Interrupting the one that has waited longest");
            threads.stream()
                    .filter(thread -> thread.isWaiting() && !thread.isToldToEnd())
                    .max(Comparator.comparingLong(thread -> now - thread.blockedSince()))
                    .ifPresent(WriterThread::tellToEnd);
        }
        return false;
    }

    /**
     * A thread has lost its lane in a turn that waits, or that is long.
     *
     * @param connection what it waits for; {@code null} if that is nothing, or if no other client has the same
     * @return true if the thread is the first one that waits for it, and is to serve its clients
     */
    boolean add(WriterThread thread, String connection) {
        threads.add(thread);
        if (closed) {
            thread.interrupt();
        }
        return connection != null && clients.putIfAbsent(connection, new LinkedBlockingQueue<>()) == null;
    }

    /** Takes a client to those that wait for its connection, if that is blocked. True if it has. */
    boolean takes(LaneMember client) {
        String connection = client.connection;
        // Clients with expensive filters have no more than their share of a lane.
        if (connection == null || clients.isEmpty() || client.isExpensive()) {
            return false;
        }
        return clients.computeIfPresent(connection, (key, waiting) -> {
                    waiting.add(client);
                    return waiting;
                })
                != null;
    }

    /** No other thread can go on with the lane. */
    void cannotReplace(WriterThread thread, Throwable cause) {
        log.error("No other thread can be started during the long turn of " + thread.getName(), cause);
    }

    /** The next client of a connection for the thread that serves it. {@code null} if none comes in time. */
    LaneMember next(String connection, long waitNanos) throws InterruptedException {
        return closed ? null : clients.get(connection).poll(waitNanos, TimeUnit.NANOSECONDS);
    }

    /** A connection is not blocked any more, or the server closes. */
    void release(String connection) {
        Queue<LaneMember> waiting = clients.remove(connection);
        waiting.forEach(closed ? LaneMember::giveUp : LaneMember::awaitTurn);
    }

    void remove(WriterThread thread) {
        threads.remove(thread);
    }

    Set<WriterThread> threads() {
        return threads;
    }

    /** Interrupts the threads. The clients that wait for them get no more turns. */
    void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }
}
