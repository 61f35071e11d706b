package com.opengrail.kafka.sse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.demo.run.WebServer;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The WAR as a user gets it, deployed in Jetty. */
class DemoWarIT {
    private final KafkaBroker broker = KafkaBroker.shared();
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void serves_the_page_and_the_stream() throws Exception {
        String topic = broker.topics().create("demo", 1);
        broker.topics().produce(topic, "product-campaign", "{\"id\" 744}");
        broker.topics().produce(topic, "customer", "{\"id\" 745 \"message\" \"Hello SSE\"}");
        try (WebServer server = deploy(Map.of(ProducerSettings.TOPIC, topic))) {
            assertTrue(page(server.url()).contains("EventSource"));
            assertTrue(page(server.url() + "uplot/dist/uPlot.esm.js").contains("export"));
            assertTrue(page(server.url() + "wire").matches("\\{\"events\":\\d+,\"bytes\":\\d+}"));

            List<String> lines =
                    stream(server.url() + "kafka-sse?offset=earliest&event=cust.*", line -> line.startsWith("data: {"));
            assertEquals(
                    List.of("id: 1", "event: customer", "data: {\"id\" 745 \"message\" \"Hello SSE\"}"),
                    lines.subList(lines.size() - 3, lines.size()));
        }
    }

    @Test
    void the_producer_makes_its_topic_and_writes_to_it() throws Exception {
        String topic = "made-by-the-demo-" + UUID.randomUUID();
        Map<String, String> environment =
                Map.of(ProducerSettings.TOPIC, topic, ProducerSettings.RATE, "50", ProducerSettings.PARTITIONS, "2");
        try (WebServer server = deploy(environment)) {
            assertTrue(server.url().startsWith("http://"));
            stream(server.url() + "kafka-sse?offset=earliest&event=order", "event: order"::equals);
        }
    }

    @Test
    void a_wrong_setting_stops_the_deployment_and_says_why() {
        Map<String, String> environment = Map.of(ProducerSettings.TOPIC, "demo", ProducerSettings.RATE, "fast");
        String message = assertThrows(IllegalStateException.class, () -> deploy(environment))
                .getMessage();
        assertTrue(message.contains("SSE_DEMO_PRODUCER_RATE is \"fast\""), message);
    }

    private WebServer deploy(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put(ProducerSettings.BROKERS, broker.bootstrapServers());
        Path war = Path.of(System.getProperty("demo.war"));
        return WebServer.start(war, JavaProcess.freePort(), all, Path.of(System.getProperty("demo.folder")));
    }

    private String page(String url) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), url);
        return response.body();
    }

    /** The lines up to the first that is the last one wanted. */
    private List<String> stream(String url, Predicate<String> last) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<Stream<String>> response =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofLines()).get(30, TimeUnit.SECONDS);
        assertEquals(200, response.statusCode(), url);
        try (Stream<String> lines = response.body()) {
            return CompletableFuture.supplyAsync(() -> until(lines, last)).get(30, TimeUnit.SECONDS);
        }
    }

    private static List<String> until(Stream<String> lines, Predicate<String> last) {
        List<String> seen = new ArrayList<>();
        boolean found = lines.peek(seen::add).anyMatch(last);
        assertTrue(found, () -> "the stream ended after " + seen);
        return seen;
    }
}
