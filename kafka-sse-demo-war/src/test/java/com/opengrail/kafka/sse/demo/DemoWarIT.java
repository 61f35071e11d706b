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
import java.nio.file.Files;
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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The WAR as a user gets it, deployed in Jetty. */
class DemoWarIT {
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";

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

    /** With the topic, the brokers and the log-in in files, properties of the consumer alone, and no right to make topics. */
    @Test
    void the_producer_writes_to_a_secured_broker(@TempDir Path folder) throws Exception {
        int secured = JavaProcess.freePort();
        try (KafkaBroker own = startSecured(folder.resolve("broker"), secured)) {
            own.topics().createNamed("secured-demo", 1);
            allow(own, "secured-demo", List.of(AclOperation.READ, AclOperation.WRITE));
            try (WebServer server = start(Map.of(
                    ProducerSettings.TOPIC + "_FILE",
                    file(folder, "secured-demo"),
                    ProducerSettings.BROKERS + "_FILE",
                    file(folder, "127.0.0.1:" + secured),
                    "SSE_PROXY_KAFKA_SASL_JAAS_CONFIG_FILE",
                    file(folder, PLAIN + " username=\"demo\" password=\"right\";"),
                    "SSE_PROXY_KAFKA_SASL_MECHANISM",
                    "PLAIN",
                    "SSE_PROXY_KAFKA_SECURITY_PROTOCOL",
                    "SASL_PLAINTEXT",
                    "SSE_PROXY_KAFKA_FETCH_MAX_WAIT_MS",
                    "200",
                    ProducerSettings.RATE,
                    "50"))) {
                stream(server.url() + "kafka-sse?offset=earliest&event=order", "event: order"::equals);
            }
        }
    }

    private static void allow(KafkaBroker broker, String topic, List<AclOperation> operations) throws Exception {
        ResourcePattern pattern = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        try (Admin admin = broker.topics().admin()) {
            admin.createAcls(operations.stream()
                            .map(operation -> new AclBinding(
                                    pattern,
                                    new AccessControlEntry("User:demo", "*", operation, AclPermissionType.ALLOW)))
                            .toList())
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static KafkaBroker startSecured(Path folder, int secured) {
        int plain = JavaProcess.freePort();
        int controller = JavaProcess.freePort();
        return KafkaBroker.start(
                folder,
                plain,
                List.of(
                        "controller.quorum.voters=1@127.0.0.1:" + controller,
                        "listeners=PLAINTEXT://127.0.0.1:" + plain + ",SECURED://127.0.0.1:" + secured
                                + ",CONTROLLER://127.0.0.1:" + controller,
                        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"
                                + ",SECURED:SASL_PLAINTEXT",
                        "inter.broker.listener.name=PLAINTEXT",
                        "sasl.enabled.mechanisms=PLAIN",
                        "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users=User:ANONYMOUS",
                        "listener.name.secured.plain.sasl.jaas.config=" + PLAIN + " user_demo=\"right\";"));
    }

    private static String file(Path folder, String line) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "value", ""), line + "\n")
                .toString();
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
        return start(all);
    }

    private static WebServer start(Map<String, String> environment) {
        Path war = Path.of(System.getProperty("demo.war"));
        return WebServer.start(war, JavaProcess.freePort(), environment, Path.of(System.getProperty("demo.folder")));
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
