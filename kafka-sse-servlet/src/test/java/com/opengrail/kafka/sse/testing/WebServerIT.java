package com.opengrail.kafka.sse.testing;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WebServerIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int RESTARTS = 20;
    private static final int CLIENTS = 50;
    private static final byte[] REQUEST =
            "GET /kafka-sse HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Begins streams that it never ends. */
    private static final class Endless extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            AsyncContext context = request.startAsync();
            context.setTimeout(0);
            response.getOutputStream().println("begun");
            response.flushBuffer();
        }
    }

    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();

    /** Tests that restart Jetty inside this process rely on it; it fails where only Jetty itself closes connections. */
    @Test
    void shouldLeaveNoConnectionOpenWhenJettyStops() throws Exception {
        WebServer server = WebServer.Kind.JETTY.start(0, new Endless(), Map.of());
        int port = server.port();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                Thread thread = new Thread(() -> connectAgainAndAgain(port, client % 10 == 0), "client " + client);
                thread.setDaemon(true);
                thread.start();
            }
            for (int i = 0; i < RESTARTS; i++) {
                int before = made.get();
                Await.until("connections", LIMIT, () -> made.get() > before + 2 * CLIENTS, this::toString);
                server.close();
                Await.until("the end of all connections", LIMIT, () -> open.get() == 0, this::toString);
                server = WebServer.Kind.JETTY.start(port, new Endless(), Map.of());
            }
        } finally {
            ended.countDown();
            server.close();
        }
    }

    private void connectAgainAndAgain(int port, boolean stays) {
        try {
            while (!ended.await(1, TimeUnit.MILLISECONDS)) {
                connect(port, stays);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connect(int port, boolean stays) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            made.incrementAndGet();
            open.incrementAndGet();
            try {
                socket.getOutputStream().write(REQUEST);
                readFrom(socket.getInputStream(), stays);
                socket.setSoLinger(true, 0);
            } finally {
                open.decrementAndGet();
            }
        } catch (IOException e) {
            // Nobody listens for the moment, or the container has closed the connection: both are as it should be.
            lost.incrementAndGet();
        }
    }

    @Override
    public String toString() {
        return made + " connections made, " + open + " open, " + lost + " refused or lost";
    }

    private static void readFrom(InputStream in, boolean toTheEnd) throws IOException {
        byte[] buffer = new byte[1024];
        int n = in.read(buffer);
        while (toTheEnd && n > 0) {
            n = in.read(buffer);
        }
    }
}
