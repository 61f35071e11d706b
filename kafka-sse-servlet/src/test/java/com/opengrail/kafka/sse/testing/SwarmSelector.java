package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Iterator;
import java.util.List;

/**
 * Opens and reads a share of a swarm's connections, all through one buffer.
 *
 * <p>Threads: runs on one of its own; {@link #close()} may come from any.
 */
final class SwarmSelector implements Runnable {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int STUCK_RECEIVE_BYTES = 4096;
    private static final long PACE_MILLIS = 5;

    private final SseSwarm.Plan plan;
    private final List<SwarmConnection> connections;
    private final SwarmStats stats;
    private final Selector selector;
    private final Thread thread;

    // Used by the selector thread alone.
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] heap = new byte[BUFFER_BYTES];
    private int started;

    private volatile boolean closed;

    SwarmSelector(SseSwarm.Plan plan, List<SwarmConnection> connections, SwarmStats stats, int number)
            throws IOException {
        this.plan = plan;
        this.connections = List.copyOf(connections);
        this.stats = stats;
        this.selector = Selector.open();
        this.thread = new Thread(this, "sse-swarm-" + number);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        long begin = System.nanoTime();
        try (selector) {
            while (!closed) {
                openDue(System.nanoTime() - begin);
                selector.select(started < connections.size() ? PACE_MILLIS : 0);
                Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    turn(keys.next());
                    keys.remove();
                }
            }
            for (SelectionKey key : selector.keys()) {
                cutOff(key);
            }
        } catch (IOException e) {
            stats.fault(-1, "selector failed: " + e);
        }
    }

    /** The pace is that of the whole swarm, so each selector opens its share of it. */
    private void openDue(long elapsedNanos) {
        long due = (long) (plan.perSecond() / plan.selectors() * (elapsedNanos / 1e9)) + 1;
        while (started < Math.min(due, connections.size())) {
            open(connections.get(started++));
        }
    }

    private void open(SwarmConnection connection) {
        try {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            if (connection.stuck) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, STUCK_RECEIVE_BYTES);
            }
            if (plan.localAddresses() > 0) {
                int last = 1 + connection.number % plan.localAddresses();
                channel.bind(new InetSocketAddress("127.0.0." + last, 0));
            }
            channel.register(selector, SelectionKey.OP_CONNECT, connection);
            channel.connect(
                    new InetSocketAddress(plan.url().getHost(), plan.url().getPort()));
        } catch (IOException e) {
            failed(connection, e);
        }
    }

    private void turn(SelectionKey key) {
        SwarmConnection connection = (SwarmConnection) key.attachment();
        try {
            if (key.isConnectable()) {
                send(key, connection);
            } else if (key.isReadable()) {
                read(key, connection);
            }
        } catch (IOException e) {
            failed(connection, e);
            cutOff(key);
        }
    }

    private void send(SelectionKey key, SwarmConnection connection) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        channel.finishConnect();
        ByteBuffer request = plan.request(connection.lastEventId);
        channel.write(request);
        if (request.hasRemaining()) {
            throw new IOException("the request does not fit into an empty send buffer");
        }
        key.interestOps(connection.stuck ? 0 : SelectionKey.OP_READ);
    }

    private void read(SelectionKey key, SwarmConnection connection) throws IOException {
        direct.clear();
        int n = ((SocketChannel) key.channel()).read(direct);
        if (n > 0) {
            direct.flip().get(heap, 0, n);
            connection.feed(heap, n);
        }
        if (n < 0 || connection.decoder.ended()) {
            stats.ended.increment();
            key.channel().close();
        }
    }

    private void failed(SwarmConnection connection, IOException e) {
        stats.failed.increment();
        stats.fault(connection.number, e.toString());
    }

    private void cutOff(SelectionKey key) {
        try {
            ((SocketChannel) key.channel()).setOption(StandardSocketOptions.SO_LINGER, 0);
            key.channel().close();
        } catch (IOException e) {
            stats.fault(((SwarmConnection) key.attachment()).number, "not closed: " + e);
        }
    }

    void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
