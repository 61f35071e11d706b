package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A tiny HTTP server that gives each connection the same answer, so that the clients of the tests can be tested.
 *
 * <p>Threads: one to accept and one per connection; all end with {@link #close()}.
 */
final class ScriptedServer implements AutoCloseable {

    static final String CHUNKED_HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** Writes the answer; the connection is closed when it returns. */
    interface Script {
        void answer(OutputStream out) throws IOException;
    }

    private final ServerSocket server;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    ScriptedServer(Script script) throws IOException {
        this.script = script;
        this.server = new ServerSocket(0, 1000, InetAddress.getByName("127.0.0.1"));
        start(this::accept, "scripted-server");
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    List<String> requests() {
        return requests;
    }

    static byte[] chunk(String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return (Integer.toHexString(body.length) + "\r\n" + text + "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                start(() -> serve(socket), "scripted-connection");
            } catch (IOException e) {
                requests.add("not accepted: " + e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                int c = socket.getInputStream().read();
                if (c < 0) {
                    return;
                }
                request.append((char) c);
            }
            requests.add(request.toString());
            script.answer(socket.getOutputStream());
        } catch (IOException e) {
            requests.add("cut off: " + e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
