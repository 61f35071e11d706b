package com.opengrail.kafka.sse.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A page, of another origin than the stream's, that follows the stream with the platform's {@code EventSource} and posts the
 * events back, in order, and again where a request was lost. It tells of each end of a connection, too.
 *
 * <p>Threads: the server's only one calls the sink.
 */
final class FollowingPage implements Program.PageServer, AutoCloseable {
    private static final String SCRIPT = """
            const events = [];
            let posted = 0;
            let posting = false;
            const post = async () => {
              if (posting) return;
              posting = true;
              while (posted < events.length) {
                const batch = events.slice(posted);
                try {
                  await fetch('PAGE/got?from=' + posted, { method: 'POST', body: JSON.stringify(batch) });
                  posted += batch.length;
                } catch (lost) {
                  await new Promise((again) => setTimeout(again, 100));
                }
              }
              posting = false;
            };
            const source = new EventSource('STREAM');
            source.onerror = () => fetch('PAGE/ended', { method: 'POST' }).catch((lost) => console.log(lost));
            for (const type of ['order', 'message', 'stream-gap']) {
              source.addEventListener(type, (event) => {
                events.push([event.type, event.data]);
                post();
              });
            }
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final String imports;
    private final URI stream;
    private final Library.Sink sink;
    private final AtomicInteger ends = new AtomicInteger();

    /** The server's thread's: how many events have been posted. */
    private int got;

    FollowingPage(String imports, URI stream, Library.Sink sink) throws IOException {
        this.imports = imports;
        this.stream = stream;
        this.sink = sink;
        server.createContext("/", this::page);
        server.createContext("/modules/", FollowingPage::module);
        server.createContext("/got", this::got);
        server.createContext("/ended", this::ended);
        server.start();
    }

    @Override
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public URI stream() {
        return stream;
    }

    @Override
    public String script() {
        return SCRIPT.replace("PAGE", uri().toString()).replace("STREAM", stream.toString());
    }

    private void page(HttpExchange exchange) throws IOException {
        String html = "<!doctype html><meta charset=\"utf-8\"><title>following</title><script type=\"module\">"
                + imports + script() + "</script>";
        byte[] body = html.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html;charset=UTF-8");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** A file of a package of node's. Imports may leave out the extension. */
    private static void module(HttpExchange exchange) throws IOException {
        Path modules = Path.of(System.getProperty("node.folder"), "node_modules");
        Path named = modules.resolve(exchange.getRequestURI().getPath().substring("/modules/".length()));
        byte[] body = Files.readAllBytes(Files.exists(named) ? named : Path.of(named + ".js"));
        exchange.getResponseHeaders().set("Content-Type", "text/javascript;charset=UTF-8");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Takes events; those that were taken before come again where the page has not heard of it. */
    private void got(HttpExchange exchange) throws IOException {
        int from = Integer.parseInt(exchange.getRequestURI().getQuery().substring("from=".length()));
        String[][] events = JSON.readValue(exchange.getRequestBody().readAllBytes(), String[][].class);
        for (int i = got - from; i < events.length; i++) {
            sink.event(events[i][0], events[i][1]);
            got++;
        }
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private void ended(HttpExchange exchange) throws IOException {
        ends.incrementAndGet();
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    /** How many connections have ended or could not be made, so far as the page could tell; any thread may ask. */
    int ends() {
        return ends.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
