package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * The load generator of tests and benchmarks: opens and reads many connections on one thread, all through one buffer.
 *
 * <p>Threads: {@link #open}, {@link #cut} and {@link #close} from anywhere.
 */
public final class SwarmSelector extends Thread implements AutoCloseable {
    private static final int BUFFER_BYTES = 128 * 1024;
    private static final int STUCK_RECEIVE_BYTES = 4096;

    /** How many connections are opened before those that are open are read again: what a listener's queue takes. */
    private static final int OPEN_AT_ONCE = 64;

    /** One address has about 28,000 ports to one server. */
    private static final int CLIENTS_PER_ADDRESS = 20_000;

    private final InetSocketAddress server;
    private final Consumer<String> faults;
    private final Selector selector;
    private final Queue<SwarmClient> toOpen = new ConcurrentLinkedQueue<>();
    private final Queue<SwarmClient> toCut = new ConcurrentLinkedQueue<>();

    /** This thread's alone. */
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private final byte[] heap = new byte[BUFFER_BYTES];
    private int connecting;

    private volatile boolean closed;

    /**
     * A selector to be started.
     *
     * @param url names the server
     * @param faults told what fails for no one client
     */
    public SwarmSelector(String name, URI url, Consumer<String> faults) throws IOException {
        super(name);
        setDaemon(true);
        this.server = new InetSocketAddress(url.getHost(), url.getPort());
        this.faults = faults;
        this.selector = Selector.open();
    }

    /** Connects a client soon. A client that has ended may be connected again. */
    public void open(SwarmClient client) {
        toOpen.add(client);
        selector.wakeup();
    }

    /** Cuts the connection of a client off with a reset soon, if it has one. */
    public void cut(SwarmClient client) {
        toCut.add(client);
        selector.wakeup();
    }

    /** Cuts all connections off with a reset, and waits until that is done. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try (selector) {
            while (!closed) {
                openSome();
                cutSome();
                selector.select(this::turn);
            }
            for (SelectionKey key : selector.keys()) {
                cutOff(key);
            }
        } catch (IOException e) {
            faults.accept("selector failed: " + e);
        }
    }

    private void openSome() {
        while (connecting < OPEN_AT_ONCE && !toOpen.isEmpty()) {
            SwarmClient client = toOpen.remove();
            try {
                open(client, SocketChannel.open());
            } catch (IOException e) {
                client.failed(e);
            }
        }
    }

    private void open(SwarmClient client, SocketChannel channel) throws IOException {
        try {
            channel.configureBlocking(false);
            if (client.isStuck()) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, STUCK_RECEIVE_BYTES);
            }
            if (client.number() >= CLIENTS_PER_ADDRESS) {
                int last = 1 + client.number() / CLIENTS_PER_ADDRESS;
                channel.bind(new InetSocketAddress("127.0.0." + last, 0));
            }
            channel.connect(server);
            channel.register(selector, SelectionKey.OP_CONNECT, client);
            connecting++;
        } catch (IOException e) {
            // The selector would find a channel that connects to nothing.
            channel.close();
            throw e;
        }
    }

    private void cutSome() {
        Set<SwarmClient> cut = new HashSet<>();
        for (SwarmClient client = toCut.poll(); client != null; client = toCut.poll()) {
            cut.add(client);
        }
        if (!cut.isEmpty()) {
            List<SelectionKey> keys = selector.keys().stream()
                    .filter(key -> cut.contains(key.attachment()))
                    .toList();
            for (SelectionKey key : keys) {
                connecting -= (key.interestOps() & SelectionKey.OP_CONNECT) == 0 ? 0 : 1;
                cutOff(key);
            }
        }
    }

    private void turn(SelectionKey key) {
        SwarmClient client = (SwarmClient) key.attachment();
        try {
            if (key.isConnectable()) {
                connecting--;
                send(key, client);
            } else if (key.isReadable()) {
                read(key, client);
            }
        } catch (IOException e) {
            client.failed(e);
            cutOff(key);
        }
    }

    private void send(SelectionKey key, SwarmClient client) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        channel.finishConnect();
        ByteBuffer request = ByteBuffer.wrap(client.request());
        channel.write(request);
        if (request.hasRemaining()) {
            throw new IOException("the request does not fit into an empty send buffer");
        }
        key.interestOps(client.isStuck() ? 0 : SelectionKey.OP_READ);
    }

    private void read(SelectionKey key, SwarmClient client) throws IOException {
        direct.clear();
        int count = ((SocketChannel) key.channel()).read(direct);
        if (count > 0) {
            direct.flip().get(heap, 0, count);
            client.received(heap, count);
        }
        if (count < 0 || client.isComplete()) {
            client.ended();
            key.channel().close();
        }
    }

    private void cutOff(SelectionKey key) {
        try {
            // What could not be connected has been closed.
            if (key.channel().isOpen()) {
                ((SocketChannel) key.channel()).setOption(StandardSocketOptions.SO_LINGER, 0);
                key.channel().close();
            }
        } catch (IOException e) {
            faults.accept("client " + ((SwarmClient) key.attachment()).number() + " was not closed: " + e);
        }
    }
}
