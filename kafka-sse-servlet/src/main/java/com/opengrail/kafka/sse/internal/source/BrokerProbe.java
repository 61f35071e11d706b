package com.opengrail.kafka.sse.internal.source;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a bootstrap server accepts connections. Kafka's clients write two lines to the log for each broker that
 * they try, so they try seldom, and do not notice for long that the brokers are back.
 *
 * <p>Threads: safe. One thread tries; the others get the last answer.
 */
final class BrokerProbe {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerProbe.class);

    private static final int CONNECT_MILLIS = 500;
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(CONNECT_MILLIS);

    /** An absence that was noticed longer ago may have ended long ago. */
    private static final long RECENT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final List<String> servers;
    private final Runnable back;
    private final LongSupplier nanoTime;
    private final ReentrantLock trying = new ReentrantLock();

    /** Written under the lock. */
    private volatile boolean reachable = true;

    private long triedAt;

    /**
     * A probe that has not tried yet.
     *
     * @param servers with their ports, as Kafka writes them. If there are none, they count as reachable
     * @param back is run when one can be reached after none could
     */
    BrokerProbe(List<String> servers, Runnable back, LongSupplier nanoTime) {
        this.servers = servers;
        this.back = back;
        this.nanoTime = nanoTime;
        this.triedAt = nanoTime.getAsLong() - BETWEEN_NANOS;
    }

    /** True if one of the servers accepts connections, or did so a moment ago. */
    boolean isReachable() {
        if (trying.tryLock()) {
            try {
                if (nanoTime.getAsLong() - triedAt >= BETWEEN_NANOS) {
                    tryAll();
                }
            } finally {
                trying.unlock();
            }
        }
        return reachable;
    }

    private void tryAll() {
        boolean accepted = servers.isEmpty()
                || servers.stream()
                        .takeWhile(next -> !Thread.currentThread().isInterrupted())
                        .anyMatch(BrokerProbe::accepts);
        boolean isKnown = accepted || !Thread.currentThread().isInterrupted();
        if (accepted && !reachable && nanoTime.getAsLong() - triedAt < RECENT_NANOS) {
            back.run();
        }
        reachable = isKnown ? accepted : reachable;
        triedAt = nanoTime.getAsLong();
    }

    /** As Kafka does, not by way of the proxies that the JVM may have for sockets. */
    private static boolean accepts(String server) {
        try {
            for (InetAddress address : InetAddress.getAllByName(Utils.getHost(server))) {
                try (SocketChannel channel = SocketChannel.open()) {
                    channel.socket().connect(new InetSocketAddress(address, Utils.getPort(server)), CONNECT_MILLIS);
                    return true;
                } catch (IOException e) {
                    LOG.debug("Cannot connect to {}", address, e);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("Cannot connect to {}", server, e);
        }
        return false;
    }
}
