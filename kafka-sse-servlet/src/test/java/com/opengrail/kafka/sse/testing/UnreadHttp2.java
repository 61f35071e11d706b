package com.opengrail.kafka.sse.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.SocketException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A connection of HTTP/2 whose windows are large and whose socket is never read, as that of a laptop that loses its network.
 *
 * <p>Threads: not safe.
 */
public final class UnreadHttp2 implements AutoCloseable {
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM_AND_HEADERS = 5;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int LARGE_WINDOW = 1 << 30;

    /** Entries of the static table of RFC 7541, and a literal whose name is one of them or new. */
    private static final int METHOD_GET = 0x82;

    private static final int SCHEME_HTTPS = 0x87;
    private static final int LITERAL_AUTHORITY = 1;
    private static final int LITERAL_PATH = 4;
    private static final int LITERAL_NEW_NAME = 0;

    private final SSLSocket socket;
    private final DataOutputStream out;
    private final int port;
    private int nextStream = 1;

    /** Connects to a port of this machine. */
    public UnreadHttp2(SSLContext tls, int port) throws IOException {
        this.port = port;
        socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        ByteArrayOutputStream settings = new ByteArrayOutputStream();
        DataOutputStream setting = new DataOutputStream(settings);
        setting.writeShort(INITIAL_WINDOW_SIZE);
        setting.writeInt(LARGE_WINDOW);
        frame(SETTINGS, 0, 0, settings.toByteArray());
        ByteArrayOutputStream update = new ByteArrayOutputStream();
        new DataOutputStream(update).writeInt(LARGE_WINDOW);
        frame(WINDOW_UPDATE, 0, 0, update.toByteArray());
    }

    /** Opens one more stream, which is not read either. False if the server has closed the connection. */
    public boolean open(String path) throws IOException {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        headers.write(METHOD_GET);
        headers.write(SCHEME_HTTPS);
        headers.write(LITERAL_AUTHORITY);
        text(headers, "127.0.0.1:" + port);
        headers.write(LITERAL_PATH);
        text(headers, path);
        headers.write(LITERAL_NEW_NAME);
        text(headers, "accept");
        text(headers, "text/event-stream");
        try {
            frame(HEADERS, END_STREAM_AND_HEADERS, nextStream, headers.toByteArray());
        } catch (SocketException e) {
            return false;
        }
        nextStream += 2;
        return true;
    }

    private static void text(ByteArrayOutputStream to, String text) {
        to.write(text.length());
        to.writeBytes(text.getBytes(US_ASCII));
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
