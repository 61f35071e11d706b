package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy that makes a port of this machine one far away: each byte arrives later by a delay, in both directions. What
 * is on its way is not limited. It can hold everything back for some time, as a network that hangs does.
 *
 * <p>Threads: one to accept and four per connection; all end with {@link #close()}.
 */
public final class DelayingProxy implements AutoCloseable {
    private static final Chunk END = new Chunk(0, new byte[0]);
    private static final long HELD_BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final int server;
    private final long delayNanos;
    private volatile boolean holdsBack;

    /** Bytes, and when they arrive. */
    private record Chunk(long at, byte[] bytes) {}

    /** In front of a server that need not be there yet. */
    public DelayingProxy(int port, int server, Duration delay) throws IOException {
        this.listener = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
        this.server = server;
        this.delayNanos = delay.toNanos();
        start(this::accept);
    }

    /** How many it has passed on. */
    public int connections() {
        return connections.get();
    }

    /** Whether nothing arrives any more. Later it arrives all the same. */
    public void holdBack(boolean is) {
        holdsBack = is;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "delaying-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                Socket there = new Socket(InetAddress.getLoopbackAddress(), server);
                sockets.add(there);
                connections.incrementAndGet();
                pass(client, there);
                pass(there, client);
            } catch (IOException e) {
                // Closed, or the server is away: the client finds out as its connection is closed with the proxy.
                continue;
            }
        }
    }

    private void pass(Socket from, Socket to) {
        BlockingQueue<Chunk> underWay = new LinkedBlockingQueue<>();
        start(() -> read(from, underWay));
        start(() -> write(underWay, from, to));
    }

    private void read(Socket from, BlockingQueue<Chunk> underWay) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                underWay.add(new Chunk(System.nanoTime() + delayNanos, Arrays.copyOf(buffer, n)));
            }
        } catch (IOException e) {
            // A reset ends a connection as well as an orderly end.
            return;
        } finally {
            underWay.add(END);
        }
    }

    private void write(BlockingQueue<Chunk> underWay, Socket from, Socket to) {
        try (from;
                to) {
            OutputStream out = to.getOutputStream();
            for (Chunk chunk = underWay.take(); chunk != END; chunk = underWay.take()) {
                awaitTime(chunk.at());
                out.write(chunk.bytes());
            }
        } catch (IOException e) {
            // One side is gone: so is the connection.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void awaitTime(long at) {
        for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        while (holdsBack && !listener.isClosed()) {
            LockSupport.parkNanos(HELD_BACK_NANOS);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
