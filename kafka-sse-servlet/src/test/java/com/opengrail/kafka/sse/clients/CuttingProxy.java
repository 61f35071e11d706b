package com.opengrail.kafka.sse.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy that cuts connections off: each of the first ones after a random number of bytes of the answer, every second
 * of them with a reset, the others with an end that looks orderly. Those after them are left alone. Never are two in a row
 * cut within the head of the answer: the JDK's own client retries once by itself, and libraries that stand on it give up
 * then, as docs/compatibility.md says.
 *
 * <p>Threads: one to accept and two per connection; all end with {@link #close()}.
 */
final class CuttingProxy implements AutoCloseable {
    private static final int MOST_BYTES = 12_000;

    /** More than any head has. */
    private static final int HEAD_BYTES = 1_000;

    private static final String END_OF_HEAD = "\r\n\r\n";

    private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private final Queue<String> heads = new ConcurrentLinkedQueue<>();
    private final int port;
    private final int wanted;
    private final boolean wholeHeads;
    private final Random random;

    /**
     * In front of a port of this machine.
     *
     * @param wanted how many connections to cut
     * @param wholeHeads whether the bytes of an answer count from the end of its head on, for clients that take a part of a
     *     head for an answer that is none of theirs
     */
    CuttingProxy(int port, int wanted, boolean wholeHeads, long seed) throws IOException {
        this.port = port;
        this.wholeHeads = wholeHeads;
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

    /** Of the answers, if they are passed as a whole. */
    List<String> heads() {
        return List.copyOf(heads);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            int before = HEAD_BYTES;
            for (int number = 0; ; number++) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(client);
                sockets.add(server);
                boolean reset = number % 2 == 1;
                int cutAfter = random.nextInt(before < HEAD_BYTES ? HEAD_BYTES : 0, MOST_BYTES);
                before = cutAfter;
                long bytes = number < wanted ? cutAfter : Long.MAX_VALUE;
                start(() -> pass(client, server, false, Long.MAX_VALUE, false));
                start(() -> pass(server, client, wholeHeads, bytes, reset));
            }
        } catch (IOException e) {
            closeAll();
        }
    }

    private void pass(Socket from, Socket to, boolean wholeHead, long most, boolean reset) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            if (wholeHead) {
                passHead(in, out);
            }
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

    private void passHead(InputStream in, OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder();
        int next = in.read();
        while (next >= 0) {
            head.append((char) next);
            if (head.indexOf(END_OF_HEAD, head.length() - END_OF_HEAD.length()) >= 0) {
                break;
            }
            next = in.read();
        }
        heads.add(head.toString());
        out.write(head.toString().getBytes(ISO_8859_1));
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
