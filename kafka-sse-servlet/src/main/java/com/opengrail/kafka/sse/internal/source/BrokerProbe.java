package com.opengrail.kafka.sse.internal.source;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether any of the brokers accepts connections. Kafka's clients write two lines to the log for each broker that
 * they try, so they try seldom, and do not notice for long that the brokers are back.
 *
 * <p>Threads: safe. One thread tries; the others get the last answer.
 */
final class BrokerProbe {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerProbe.class);

    private static final int CONNECT_MILLIS = 500;
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(CONNECT_MILLIS);

    /** From then on Kafka's clients do not notice at once that brokers are back: their pauses between attempts grow. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final Supplier<? extends Collection<String>> servers;
    private final Runnable back;
    private final LongSupplier nanoTime;
    private final ReentrantLock trying = new ReentrantLock();

    /** Written under the lock. */
    private volatile boolean reachable = true;

    private long triedAt;

    /** When the servers were first found to be away. */
    private long awayAt;

    /**
     * A probe that has not tried yet.
     *
     * @param servers gives them with their ports, as Kafka writes them. If there are none, they count as reachable
     * @param back is run when one can be reached after none could for long
     */
    BrokerProbe(Supplier<? extends Collection<String>> servers, Runnable back, LongSupplier nanoTime) {
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
        Collection<String> all = servers.get();
        boolean accepted = all.isEmpty()
                || all.stream()
                        .takeWhile(next -> !Thread.currentThread().isInterrupted())
                        .anyMatch(BrokerProbe::accepts);
        long now = nanoTime.getAsLong();
        if (accepted && !reachable && now - awayAt >= LONG_NANOS) {
            back.run();
        }
        if (!accepted && reachable) {
            awayAt = now;
        }
        boolean isKnown = accepted || !Thread.currentThread().isInterrupted();
        reachable = isKnown ? accepted : reachable;
        triedAt = now;
    }

    /** As Kafka does, not by way of the proxies that the JVM may have for sockets. */
    static boolean accepts(String server) {
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
