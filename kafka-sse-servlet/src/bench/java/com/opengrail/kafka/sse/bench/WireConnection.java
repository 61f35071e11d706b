package com.opengrail.kafka.sse.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One client of the wire: its socket and how far it has got.
 *
 * <p>Threads: its {@link WireWriter} alone.
 */
final class WireConnection {
    private static final int GATHERED = 64;

    final SocketChannel channel;

    /** The last batch of which all has been written. */
    private WireBatch written;

    /** What is left of the batch after that, or {@code null} where nothing of it has been written. */
    private ByteBuffer begun;

    WireConnection(SocketChannel channel, WireBatch newest) {
        this.channel = channel;
        this.written = newest;
    }

    /**
     * Writes what there is, several batches at once where several have come meanwhile.
     *
     * @param buffers for the caller's use
     * @return whether the socket has taken all
     */
    boolean write(ByteBuffer[] buffers) throws IOException {
        while (true) {
            int count = 0;
            WireBatch batch = written.next;
            while (batch != null && count < buffers.length) {
                buffers[count] = count == 0 && begun != null ? begun : batch.bytes.duplicate();
                count++;
                batch = batch.next;
            }
            if (count == 0) {
                return true;
            }
            channel.write(buffers, 0, count);
            int done = 0;
            while (done < count && !buffers[done].hasRemaining()) {
                written = written.next;
                done++;
            }
            begun = done < count ? buffers[done] : null;
            if (done < count) {
                return false;
            }
        }
    }

    /** Room for what one write gathers. */
    static ByteBuffer[] gatherer() {
        return new ByteBuffer[GATHERED];
    }
}
