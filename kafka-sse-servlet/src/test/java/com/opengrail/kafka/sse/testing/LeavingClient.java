package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A client that opens a stream and leaves it in one of the ways that there are. It has no thread of its own.
 *
 * <p>Threads: one.
 */
public final class LeavingClient implements AutoCloseable {
    private static final int LIMIT_MILLIS = (int) Duration.ofSeconds(60).toMillis();
    private static final int SMALL_BUFFER_BYTES = 4096;

    /** How it leaves. */
    public enum Way {
        /** Closes, having read what there is. */
        FIN,
        /** Is gone at once, as a process that is killed. */
        RESET,
        /** Closes its own side alone, and does not read any more. */
        HALF_OPEN,
        /** Sends the request, and then neither reads nor closes. */
        SILENT;

        /** Of ten one is half open and one silent. */
        public static Way of(int number) {
            return switch (number % 10) {
                case 0 -> SILENT;
                case 1 -> HALF_OPEN;
                default -> number % 2 == 0 ? FIN : RESET;
            };
        }
    }

    private final Socket socket;
    private final Way way;

    private LeavingClient(Socket socket, Way way) {
        this.socket = socket;
        this.way = way;
    }

    /** Connects and asks for the stream. */
    public static LeavingClient open(URI url, Way way) throws IOException {
        Socket socket = new Socket();
        if (way == Way.HALF_OPEN || way == Way.SILENT) {
            socket.setReceiveBufferSize(SMALL_BUFFER_BYTES);
        }
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), LIMIT_MILLIS);
        String request = "GET " + url.getRawPath() + " HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new LeavingClient(socket, way);
    }

    /** Waits for the start of the stream, unless it is one that does not read. */
    public void readFirstBlock() throws IOException {
        if (way == Way.SILENT) {
            return;
        }
        InputStream in = socket.getInputStream();
        StringBuilder read = new StringBuilder();
        while (read.indexOf("stream-position") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended after " + read);
            }
            read.append((char) next);
        }
    }

    public void leave() throws IOException {
        switch (way) {
            case FIN -> {
                InputStream in = socket.getInputStream();
                in.skipNBytes(in.available());
                socket.close();
            }
            case RESET -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            case HALF_OPEN -> socket.shutdownOutput();
            case SILENT -> {
                // That is how it leaves.
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
