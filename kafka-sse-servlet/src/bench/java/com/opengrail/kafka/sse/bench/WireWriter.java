package com.opengrail.kafka.sse.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writes what was polled to a share of the wire's clients.
 *
 * <p>Threads: {@link #add} and {@link #wake} from anywhere.
 */
final class WireWriter extends Thread {
    private final Selector selector;
    private final Queue<WireConnection> added = new ConcurrentLinkedQueue<>();
    private final ByteBuffer[] buffers = WireConnection.gatherer();

    WireWriter(int number) throws IOException {
        super("wire-writer-" + number);
        this.selector = Selector.open();
    }

    void add(WireConnection connection) {
        added.add(connection);
        selector.wakeup();
    }

    void wake() {
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            while (true) {
                selector.select(key -> key.interestOps(0));
                for (WireConnection connection = added.poll(); connection != null; connection = added.poll()) {
                    connection.channel.register(selector, 0, connection);
                }
                for (SelectionKey key : selector.keys()) {
                    write(key);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the selector has failed", e);
        }
    }

    private void write(SelectionKey key) throws IOException {
        if (!key.isValid() || key.interestOps() != 0) {
            return;
        }
        try {
            if (!((WireConnection) key.attachment()).write(buffers)) {
                key.interestOps(SelectionKey.OP_WRITE);
            }
        } catch (IOException e) {
            // The client is gone, as all are at the end of a run.
            key.channel().close();
        }
    }
}
