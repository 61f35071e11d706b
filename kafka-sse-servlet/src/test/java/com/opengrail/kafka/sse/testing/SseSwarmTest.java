package com.opengrail.kafka.sse.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SseSwarmTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "5,6,7,8; ",
                "5,6,8; lost 7 to 7, got 8",
                "5,6,6,7; repeated or late 6, expected 7",
                "5,7,6,8; lost 6 to 6, got 7|repeated or late 6, expected 8",
                "5,x; no number in \"x\"",
                "4,5; repeated or late 4, expected 5"
            })
    void shouldDetectWhatIsLostRepeatedOrReordered(String numbers, String faults) throws Exception {
        String[] data = numbers.split(",");
        try (ScriptedServer server = new ScriptedServer(out -> {
                    head(out);
                    for (String number : data) {
                        event(out, number);
                    }
                    end(out);
                });
                SseSwarm swarm = SseSwarm.against(server.url("/"))
                        .checks(i -> SwarmCheck.sequenceFrom(5))
                        .start()) {
            swarm.awaitEvents(data.length, SOON);
            List<String> expected = faults == null
                    ? List.of()
                    : List.of(faults.split("\\|")).stream()
                            .map(f -> "connection 0: " + f)
                            .toList();
            assertEquals(expected, swarm.stats().faultTexts());
            assertEquals(expected.size(), swarm.stats().faults());
        }
    }

    @Test
    void shouldCheckEachOfManyClients() throws Exception {
        int clients = 200;
        int events = 50;
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(out -> {
                    head(out);
                    out.write(ScriptedServer.chunk("retry: 9\nid: 0\nevent: stream-position\ndata: \n\n"));
                    out.flush();
                    await(go);
                    for (int i = 0; i < events; i++) {
                        event(out, i + " and more");
                    }
                    end(out);
                });
                SseSwarm swarm = SseSwarm.against(server.url("/"))
                        .connections(clients)
                        .selectors(2)
                        .checks(i -> SwarmCheck.sequenceFrom(0))
                        .start()) {
            swarm.awaitAllAnswered(SOON);
            assertEquals(clients, swarm.stats().opened());
            assertEquals(0, swarm.stats().events());
            go.countDown();
            swarm.awaitEvents(events, SOON);
            assertEquals((long) clients * events, swarm.stats().events());
            assertEquals(0, swarm.stats().faults(), () -> swarm.stats().toString());
        }
    }

    @Test
    void shouldFindBlocksHoweverTheyAreCutAndCountGapsApart() {
        String stream = ":\nid: 1\nevent: a\ndata: 1\n\n:\n:\nid: 2\ndata: 2 x\ndata: y\n\n"
                + "id: 7\nevent: stream-gap\ndata: {}\n\nid: 8\n\nretry: 5\n\nid: 9\ndata: \n\nid: 10\ndata: 3\n";
        byte[] bytes = ("HTTP/1.1 200 OK\r\n\r\n" + stream).getBytes(StandardCharsets.UTF_8);
        for (int part = 1; part <= bytes.length; part++) {
            StringBuilder seen = new StringBuilder();
            SwarmStats stats = new SwarmStats();
            SwarmCheck check = e -> {
                seen.append('[').append(e.id()).append('|').append(e.name()).append('|');
                seen.append(e.data()).append('|').append(e.leadingNumber()).append(']');
                return null;
            };
            SwarmConnection connection = new SwarmConnection(0, false, check, stats, new SwarmEvent());
            for (int at = 0; at < bytes.length; at += part) {
                int length = Math.min(part, bytes.length - at);
                connection.received(Arrays.copyOfRange(bytes, at, at + length), length);
            }
            assertEquals("[1|a|1|1][2||2 x\ny|2][9|||-1]", seen.toString());
            assertEquals(1, stats.gaps());
            assertEquals(3, stats.comments());
            assertEquals(3, stats.events());
            assertEquals(bytes.length, stats.bytes());
        }
    }

    @Test
    void shouldBringClientsBackThatHaveCutThemselvesOffOrWereEnded() throws Exception {
        try (ScriptedServer server = new ScriptedServer(out -> {
                    head(out);
                    event(out, "0");
                    end(out);
                });
                SseSwarm swarm = SseSwarm.against(server.url("/"))
                        .connections(20)
                        .returning(200, 1)
                        .start()) {
            SwarmStats stats = swarm.stats();
            Await.until("cuts and ends", SOON, () -> stats.cut() >= 20 && stats.ended() >= 20, () -> stats);
            assertFalse(server.requests().get(0).contains("Last-Event-ID"));
            assertTrue(
                    server.requests().stream().anyMatch(request -> request.contains("\r\nLast-Event-ID: 1\r\n\r\n")),
                    () -> server.requests().toString());
            assertEquals(0, stats.faults(), stats::toString);
        }
    }

    @Test
    void shouldLeaveStuckClientsUnread() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(out -> {
                    head(out);
                    event(out, "0");
                    out.flush();
                    await(go);
                });
                SseSwarm swarm = SseSwarm.against(server.url("/"))
                        .connections(10)
                        .stuckEvery(5)
                        .start()) {
            swarm.awaitEvents(1, SOON);
            assertEquals(8, swarm.stats().opened());
            assertEquals(8, swarm.stats().events());
            go.countDown();
        }
    }

    @Test
    void shouldReportOtherAnswersAndRefusedConnections() throws Exception {
        try (ScriptedServer server = new ScriptedServer(out ->
                        out.write("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
                SseSwarm swarm = SseSwarm.against(server.url("/")).start()) {
            swarm.awaitAllAnswered(SOON);
            assertEquals(
                    List.of("connection 0: status 503 {Content-Length=0}"),
                    swarm.stats().faultTexts());
        }
        // Bound and not listening: nobody else can take the port, and connecting to it is refused.
        try (SocketChannel taken = SocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
                SseSwarm swarm = SseSwarm.against(URI.create(
                                "http://127.0.0.1:" + ((InetSocketAddress) taken.getLocalAddress()).getPort() + "/"))
                        .start()) {
            swarm.awaitAllAnswered(SOON);
            assertEquals(1, swarm.stats().failed());
            assertTrue(swarm.stats().faultTexts().get(0).contains("refused"));
        }
    }

    private static void head(OutputStream out) throws IOException {
        out.write(ScriptedServer.CHUNKED_HEAD.getBytes(StandardCharsets.US_ASCII));
    }

    private static void event(OutputStream out, String data) throws IOException {
        out.write(ScriptedServer.chunk("id: 1\ndata: " + data + "\n\n"));
    }

    private static void end(OutputStream out) throws IOException {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
