package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.Certificates;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.UnreadHttp2;
import com.opengrail.kafka.sse.testing.WebServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A connection of HTTP/2 that is not read delays the streams of no other, even where the container waits for it. */
@Timeout(120)
class UnreadConnectionIT {
    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Less than Tomcat waits for a socket by default, which is 5 s. */
    private static final Duration DELIVERY = Duration.ofSeconds(3);

    private static final int READERS = 6;
    private static final int CONNECTIONS = 4;
    private static final int STREAMS_OF_EACH = 20;

    /** More than a socket buffers, for one stream. */
    private static final int RECORDS = 500;

    private static final String FILLING = "x".repeat(10_000);

    @TempDir
    Path folder;

    /** A stream whose lines are read as they come. */
    private static final class Reader implements AutoCloseable {
        private final BufferedReader body;
        private volatile String last = "";

        Reader(SSLContext tls, URI url) throws Exception {
            HttpResponse<InputStream> response = HttpClient.newBuilder()
                    .sslContext(tls)
                    .build()
                    .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofInputStream());
            assertEquals(HttpClient.Version.HTTP_2, response.version());
            body = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
            Thread reading = new Thread(this::read, "unread-connection-reader");
            reading.setDaemon(true);
            reading.start();
        }

        private void read() {
            body.lines().filter(line -> line.startsWith("data: ")).forEach(line -> last = line);
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    @OnEachContainer
    void shouldDeliverToOthersMeanwhile(WebServer.Kind kind) throws Exception {
        Certificates certificates = Certificates.in(folder);
        SSLContext tls = certificates.trusting();
        String topic = TOPICS.create("unread", 1);
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            records.add(new ProducerRecord<>(topic, "k", FILLING));
        }
        TOPICS.produce(records);
        Map<String, String> settings = Map.of("kafka-broker-url", BROKER.bootstrapServers(), "topic", topic);
        List<Reader> readers = new ArrayList<>();
        List<UnreadHttp2> unread = new ArrayList<>();
        try (WebServer server = kind.deploySecure(
                0,
                certificates.issue("server", "server"),
                new WebServer.OneServlet(new KafkaSseServlet(), settings, true))) {
            URI url = URI.create("https://127.0.0.1:" + server.port() + "/kafka-sse");
            for (int i = 0; i < READERS; i++) {
                readers.add(new Reader(tls, url));
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                UnreadHttp2 connection = new UnreadHttp2(tls, server.port());
                unread.add(connection);
                // A container may also give such a connection up.
                int streams = 0;
                while (streams < STREAMS_OF_EACH && connection.open("/kafka-sse?offset=earliest")) {
                    streams++;
                }
                assertDelivers(topic, readers, "value " + i);
            }
        } finally {
            for (Reader reader : readers) {
                reader.close();
            }
            for (UnreadHttp2 connection : unread) {
                connection.close();
            }
        }
    }

    private static void assertDelivers(String topic, List<Reader> readers, String value) {
        long start = System.nanoTime();
        TOPICS.produce(topic, "k", value);
        Await.until(
                value,
                LIMIT,
                () -> readers.stream().allMatch(each -> each.last.equals("data: " + value)),
                () -> Beans.only().get("Connections"));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(DELIVERY) < 0, value + " took " + took);
    }
}
