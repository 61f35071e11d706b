package com.opengrail.kafka.sse.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy that cuts connections off: each of the first ones after a random number of bytes of the answer, every second
 * of them with a reset, the others with an end that looks orderly. Those after them are left alone.
 *
 * <p>Threads: one to accept and two per connection; all end with {@link #close()}.
 */
final class CuttingProxy implements AutoCloseable {
    private static final int MOST_BYTES = 12_000;

    private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private final int port;
    private final int wanted;
    private final Random random;

    /** In front of a port of this machine. */
    CuttingProxy(int port, int wanted, long seed) throws IOException {
        this.port = port;
        this.wanted = wanted;
        this.random = new Random(seed);
        start(this::accept);
    }

    URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + pathAndQuery);
    }

    /** How often it has cut. */
    int cuts() {
        return cuts.get();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            for (int number = 0; ; number++) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(client);
                sockets.add(server);
                boolean reset = number % 2 == 1;
                long bytes = number < wanted ? random.nextInt(MOST_BYTES) : Long.MAX_VALUE;
                start(() -> pass(client, server, Long.MAX_VALUE, false));
                start(() -> pass(server, client, bytes, reset));
            }
        } catch (IOException e) {
            closeAll();
        }
    }

    private void pass(Socket from, Socket to, long most, boolean reset) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[4096];
            long left = most;
            while (left > 0) {
                int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (n < 0) {
                    return;
                }
                out.write(buffer, 0, n);
                left -= n;
            }
            cuts.incrementAndGet();
            to.setSoLinger(reset, 0);
        } catch (IOException e) {
            // One side is gone: so is the connection.
            return;
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void closeAll() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException("a socket does not close", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        closeAll();
    }
}
