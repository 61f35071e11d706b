package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;

/** A container that stops while the brokers have not yet said where a stream starts. */
class StopWhileOpeningIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    @OnEachContainer
    void shouldNeverAnswerWithSomethingThatIsNoEventStream(WebServer.Kind kind) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                KafkaSse engine = KafkaSse.builder()
                        .topics("any")
                        .bootstrapServers("127.0.0.1:" + silent.getLocalPort())
                        .build()) {
            WebServer server = kind.start(0, new KafkaSseServlet(engine), Map.of());
            try (SseClient client = SseClient.to(server.uri("/kafka-sse"))
                    .header("Connection", "close")
                    .open()) {
                Await.until("the stream", LIMIT, () -> engine.streams().size() == 1, engine::streams);
                server.close();
                client.awaitEnd(LIMIT);
                // No answer at all is as good: an EventSource comes back. With another type it gives up for good.
                if (client.status() != 0) {
                    assertEquals("text/event-stream;charset=UTF-8", client.header("Content-Type"), client::toString);
                }
            }
        }
    }
}
