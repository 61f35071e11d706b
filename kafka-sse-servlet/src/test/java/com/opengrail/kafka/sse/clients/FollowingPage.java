package com.opengrail.kafka.sse.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/**
 * A page, of another origin than the stream's, that follows the stream with the platform's {@code EventSource} and posts each
 * event back, in order.
 *
 * <p>Threads: one of the server's calls the sink.
 */
final class FollowingPage implements Program.PageServer, AutoCloseable {
    private static final String SCRIPT = """
            let posted = Promise.resolve();
            const post = (event) => {
              const body = event.type + '\\n' + event.data;
              posted = posted.then(() => fetch('PAGE/got', { method: 'POST', body }));
            };
            const source = new EventSource('STREAM');
            for (const type of ['order', 'message', 'stream-gap']) {
              source.addEventListener(type, post);
            }
            """;

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final URI stream;
    private final Library.Sink sink;

    FollowingPage(URI stream, Library.Sink sink) throws IOException {
        this.stream = stream;
        this.sink = sink;
        server.createContext("/", this::page);
        server.createContext("/got", this::got);
        server.start();
    }

    @Override
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public String script() {
        return SCRIPT.replace("PAGE", uri().toString()).replace("STREAM", stream.toString());
    }

    private void page(HttpExchange exchange) throws IOException {
        String html =
                "<!doctype html><meta charset=\"utf-8\"><title>following</title><script>" + script() + "</script>";
        byte[] body = html.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html;charset=UTF-8");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void got(HttpExchange exchange) throws IOException {
        String[] nameAndData = new String(exchange.getRequestBody().readAllBytes(), UTF_8).split("\n", 2);
        sink.event(nameAndData[0], nameAndData[1]);
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
