package com.opengrail.kafka.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Certificates;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS with HTTP/2, as browsers use it, of an application that is taken away while its streams are open. */
@Timeout(60)
class HttpsIT {
    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();

    @TempDir
    Path folder;

    private static HttpResponse<InputStream> get(HttpClient client, URI url) throws Exception {
        return client.send(
                HttpRequest.newBuilder(url)
                        .header("Accept", "text/event-stream")
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private static String readTo(InputStream in, String end) throws Exception {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0) {
            read.write(next);
            if (read.toString(UTF_8).endsWith(end)) {
                break;
            }
            next = in.read();
        }
        return read.toString(UTF_8);
    }

    @OnEachContainer
    void shouldEndStreamsWithTheirPositionWhenTheApplicationIsUndeployed(WebServer.Kind kind) throws Exception {
        Certificates certificates = Certificates.in(folder);
        String topic = TOPICS.create("https", 1);
        Map<String, String> settings =
                Map.of("kafka-broker-url", BROKER.bootstrapServers(), "topic", topic, "keep-alive-millis", "0");
        try (WebServer server = kind.deploySecure(
                0,
                certificates.issue("server", "server"),
                new WebServer.OneServlet(new KafkaSseServlet(), settings, true))) {
            URI url = URI.create("https://127.0.0.1:" + server.port() + "/kafka-sse");
            HttpClient client =
                    HttpClient.newBuilder().sslContext(certificates.trusting()).build();
            List<HttpResponse<InputStream>> streams = List.of(get(client, url), get(client, url));
            for (HttpResponse<InputStream> stream : streams) {
                assertEquals(HttpClient.Version.HTTP_2, stream.version());
                readTo(stream.body(), "event: stream-position\ndata: \n\n");
            }
            TOPICS.produce(topic, "k", "value");
            for (HttpResponse<InputStream> stream : streams) {
                readTo(stream.body(), "data: value\n\n");
            }
            server.undeploy();
            for (HttpResponse<InputStream> stream : streams) {
                String rest = new String(stream.body().readAllBytes(), UTF_8);
                assertTrue(rest.endsWith("id: 0\nevent: stream-position\ndata: \n\n"), rest);
            }
            HttpResponse<InputStream> afterwards = get(client, url);
            assertEquals(HttpClient.Version.HTTP_2, afterwards.version());
            assertNotEquals(200, afterwards.statusCode(), "the container goes on");
        }
    }
}
