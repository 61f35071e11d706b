package com.opengrail.kafka.sse.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class SseClientTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    /** Of many megabytes, on a slow machine. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void shouldDecodeChunksAndKeepAllThatItReceives() throws IOException {
        String body = "retry: 1500\nid: 3\n\n:\nid: 4\nevent: x\ndata: Grüße\n\n";
        try (ScriptedServer server = new ScriptedServer(out -> {
                    out.write(ScriptedServer.CHUNKED_HEAD.getBytes(StandardCharsets.US_ASCII));
                    for (String part : List.of(body.substring(0, 5), body.substring(5, 20), body.substring(20))) {
                        out.write(ScriptedServer.chunk(part));
                        out.flush();
                    }
                    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                });
                SseClient client = SseClient.to(server.url("/s?topic=a"))
                        .header("Last-Event-ID", "2")
                        .open()) {
            client.awaitEnd(SOON);
            assertEquals(200, client.status());
            assertEquals("text/event-stream", client.header("Content-Type"));
            assertEquals(body, client.rawText());
            assertEquals(List.of(new SseClient.Event("4", "x", "Grüße")), client.awaitEvents(1, SOON));
            assertEquals(List.of(1500L), client.retries());
            assertEquals(List.of(""), client.comments());
            assertEquals("4", client.lastEventId());
            assertTrue(client.endedCleanly());
            String request = server.requests().get(0);
            assertTrue(request.startsWith("GET /s?topic=a HTTP/1.1\r\nHost: 127.0.0.1:"), request);
            assertTrue(request.contains("\r\nLast-Event-ID: 2\r\n"), request);
        }
    }

    @Test
    void shouldTellACutFromAnEnd() throws IOException {
        try (ScriptedServer server = new ScriptedServer(out -> {
                    out.write(ScriptedServer.CHUNKED_HEAD.getBytes(StandardCharsets.US_ASCII));
                    out.write(ScriptedServer.chunk("data: 1\n\n"));
                });
                SseClient client = SseClient.to(server.url("/")).open()) {
            client.awaitEnd(SOON);
            assertEquals(1, client.events().size());
            assertFalse(client.endedCleanly());
            assertThrows(AssertionError.class, () -> client.awaitEvents(2, SOON));
        }
    }

    @Test
    void shouldTakeACountedAnswer() throws IOException {
        try (ScriptedServer server =
                        new ScriptedServer(out -> out.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno\n"
                                .getBytes(StandardCharsets.US_ASCII)));
                SseClient client = SseClient.to(server.url("/")).open()) {
            client.awaitEnd(SOON);
            assertEquals(403, client.status());
            assertEquals("no\n", client.rawText());
            assertTrue(client.endedCleanly());
        }
    }

    @Test
    void shouldHoldTheServerUpWhileItIsStuck() throws Exception {
        long total = 32L << 20;
        AtomicLong written = new AtomicLong();
        CountDownLatch done = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(out -> {
                    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    byte[] part = new byte[1 << 16];
                    while (written.get() < total) {
                        out.write(part);
                        written.addAndGet(part.length);
                    }
                    done.countDown();
                });
                SseClient client = SseClient.to(server.url("/")).stuck().open()) {
            client.awaitOpen(SOON);
            assertFalse(done.await(500, TimeUnit.MILLISECONDS));
            assertEquals(0, client.rawBytes().length);
            client.startReading();
            assertTrue(done.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
        }
    }
}
