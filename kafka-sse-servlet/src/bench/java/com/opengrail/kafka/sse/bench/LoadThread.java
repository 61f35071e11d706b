package com.opengrail.kafka.sse.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.HdrHistogram.Histogram;

/**
 * Opens and reads a share of the load's connections, all through one buffer.
 *
 * <p>Threads: {@link #open} and {@link #close} from anywhere.
 */
final class LoadThread extends Thread {
    private static final int BUFFER_BYTES = 128 * 1024;
    private static final int STUCK_RECEIVE_BYTES = 4096;

    /** How many connections are opened before those that are open are read again: what a listener's queue takes. */
    private static final int OPEN_AT_ONCE = 64;

    /** One address has about 28,000 ports to one server. */
    private static final int CLIENTS_PER_ADDRESS = 20_000;

    private final InetSocketAddress server;
    private final LoadStats stats;
    private final EventScanner scanner;
    private final Selector selector;
    private final Queue<LoadConnection> toOpen = new ConcurrentLinkedQueue<>();

    /** This thread's alone. */
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private final byte[] heap = new byte[BUFFER_BYTES];
    private int connecting;

    private volatile boolean closed;

    LoadThread(InetSocketAddress server, LoadStats stats, int number) throws IOException {
        super("load-" + number);
        setDaemon(true);
        this.server = server;
        this.stats = stats;
        this.scanner = new EventScanner(stats);
        this.selector = Selector.open();
    }

    void open(LoadConnection connection) {
        toOpen.add(connection);
        selector.wakeup();
    }

    Histogram latencies() {
        return scanner.latencies();
    }

    /** Cuts all connections off with a reset, and waits until that is done. */
    void close() throws InterruptedException {
        closed = true;
        selector.wakeup();
        join();
    }

    @Override
    public void run() {
        try (selector) {
            while (!closed) {
                openSome();
                selector.select(this::turn);
            }
            for (SelectionKey key : selector.keys()) {
                cutOff(key);
            }
        } catch (IOException e) {
            stats.fault(-1, "selector failed: " + e);
        }
    }

    private void openSome() {
        while (connecting < OPEN_AT_ONCE && !toOpen.isEmpty()) {
            LoadConnection connection = toOpen.remove();
            try {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                if (connection.stuck) {
                    channel.setOption(StandardSocketOptions.SO_RCVBUF, STUCK_RECEIVE_BYTES);
                }
                if (connection.number >= CLIENTS_PER_ADDRESS) {
                    int last = 1 + connection.number / CLIENTS_PER_ADDRESS;
                    channel.bind(new InetSocketAddress("127.0.0." + last, 0));
                }
                channel.register(selector, SelectionKey.OP_CONNECT, connection);
                connecting++;
                channel.connect(server);
            } catch (IOException e) {
                stats.fault(connection.number, "not opened: " + e);
            }
        }
    }

    private void turn(SelectionKey key) {
        LoadConnection connection = (LoadConnection) key.attachment();
        try {
            if (key.isConnectable()) {
                connecting--;
                send(key, connection);
            } else if (key.isReadable()) {
                read(key, connection);
            }
        } catch (IOException e) {
            stats.ended(connection.number, e.toString());
            connection.closed();
            cutOff(key);
        }
    }

    private void send(SelectionKey key, LoadConnection connection) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        channel.finishConnect();
        StringBuilder head = new StringBuilder("GET " + connection.target + " HTTP/1.1\r\nHost: localhost\r\n");
        if (connection.lastId.length > 0) {
            head.append("Last-Event-ID: ")
                    .append(new String(connection.lastId, US_ASCII))
                    .append("\r\n");
        }
        ByteBuffer request =
                US_ASCII.encode(head.append("Accept: text/event-stream\r\n\r\n").toString());
        channel.write(request);
        if (request.hasRemaining()) {
            throw new IOException("the request does not fit into an empty send buffer");
        }
        key.interestOps(connection.stuck ? 0 : SelectionKey.OP_READ);
    }

    private void read(SelectionKey key, LoadConnection connection) throws IOException {
        direct.clear();
        int count = ((SocketChannel) key.channel()).read(direct);
        if (count > 0) {
            direct.flip().get(heap, 0, count);
            scanner.read(connection, heap, count);
        }
        if (count < 0 || connection.decoder.ended()) {
            String when = connection.decoder.headComplete() ? "after" : "before";
            stats.ended(connection.number, "ended by the server " + when + " the head of the answer");
            connection.closed();
            key.channel().close();
        }
    }

    private void cutOff(SelectionKey key) {
        try {
            ((SocketChannel) key.channel()).setOption(StandardSocketOptions.SO_LINGER, 0);
            key.channel().close();
        } catch (IOException e) {
            stats.fault(((LoadConnection) key.attachment()).number, "not closed: " + e);
        }
    }
}
