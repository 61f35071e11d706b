package com.opengrail.kafka.sse.internal.writer;

import com.opengrail.kafka.sse.internal.match.Slice;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/**
 * The body of a client's response. It knows what has to be flushed, and whether the container is being called: what the
 * container throws is about this client, any other failure is the library's.
 *
 * <p>Threads: not safe; belongs to the holder of the client.
 */
final class ResponseOutput {
    private final ServletOutputStream out;
    private boolean unflushed;
    private boolean inContainer;

    ResponseOutput(ServletOutputStream out) {
        this.out = out;
    }

    void start(WriteListener listener) {
        out.setWriteListener(listener);
    }

    boolean isReady() {
        inContainer = true;
        boolean ready = out.isReady();
        inContainer = false;
        return ready;
    }

    void write(Slice slice) throws IOException {
        inContainer = true;
        out.write(slice.bytes(), slice.from(), slice.length());
        inContainer = false;
        unflushed = true;
    }

    void flush() throws IOException {
        unflushed = false;
        inContainer = true;
        out.flush();
        inContainer = false;
    }

    boolean isUnflushed() {
        return unflushed;
    }

    /** The end of the stream is flushed even if there are no bytes. */
    void flushAtEnd() {
        unflushed = true;
    }

    /** True if a failure was thrown by the container. */
    boolean isInContainer() {
        return inContainer;
    }
}
