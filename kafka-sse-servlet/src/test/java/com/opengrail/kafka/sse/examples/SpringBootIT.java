package com.opengrail.kafka.sse.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.examples.boot.StreamsApplication;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.OwnerWatch;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example for Spring Boot as a user would: a process that is asked to end. */
class SpringBootIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Spring Boot waits this long for requests at a shutdown, unless told otherwise. */
    private static final long GRACE_SECONDS = 30;

    private static final String PROPERTY = "java.class.path = ";

    private static final KafkaBroker BROKER = KafkaBroker.shared();

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    /** The application in a process that does not outlive the tests. */
    public static final class Main {
        private Main() {}

        public static void main(String[] args) {
            OwnerWatch.start();
            StreamsApplication.main(args);
        }
    }

    /**
     * The library, the example and the libraries of Spring Boot, which takes the container that it finds. The build writes the
     * class path as Java shows it: one entry a line, the first behind the name of the property.
     */
    private static String classPath(WebServer.Kind kind) throws IOException, URISyntaxException {
        String other = kind == WebServer.Kind.JETTY ? "tomcat-embed-core" : "jetty-server";
        Path example = Path.of(StreamsApplication.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        String shown = Files.readString(Path.of(System.getProperty("spring-boot.classpath.file")));
        String entries = shown.substring(shown.indexOf(PROPERTY) + PROPERTY.length());
        return example
                + File.pathSeparator
                + entries.lines()
                        .map(String::strip)
                        .takeWhile(line -> !line.contains(" = "))
                        .filter(line -> !line.contains(other))
                        .collect(Collectors.joining(File.pathSeparator));
    }

    private JavaProcess start(WebServer.Kind kind, int port, String topic) throws Exception {
        List<String> mainAndArguments = List.of(
                Main.class.getName(),
                "--spring.config.location=classpath:/spring-boot/",
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--kafka-sse.topics=" + topic);
        JavaProcess process = JavaProcess.start(
                new JavaProcess.Command(
                        classPath(kind),
                        List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                        mainAndArguments,
                        Map.of("KAFKASSE_BOOTSTRAPSERVERS", BROKER.bootstrapServers())),
                ProcessHandle.current(),
                folder.resolve("log.txt"));
        process.awaitPort(port, LIMIT);
        return process;
    }

    private String get(int port, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(LIMIT)
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new AssertionError(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(path, e);
        }
    }

    private void awaitText(int port, String path, String wanted) {
        Await.until(wanted, LIMIT, () -> get(port, path).contains(wanted), () -> get(port, path));
    }

    @OnEachContainer
    void shouldStreamShowItsStateAndEndTheStreamsFirst(WebServer.Kind kind) throws Exception {
        String topic = BROKER.topics().create("boot", 1);
        int port = JavaProcess.freePort();
        JavaProcess process = start(kind, port, topic);
        try (SseClient client = SseClient.to(URI.create("http://127.0.0.1:" + port + "/streams"))
                .open()) {
            client.awaitText("id: -1\nevent: stream-position\n", LIMIT);
            BROKER.topics().produce(topic, "k", "v");
            client.awaitText("id: 0\nevent: k\ndata: v\n\n", LIMIT);
            awaitText(port, "/actuator/prometheus", "\nkafka_sse_sent_events_total 1.0\n");
            awaitText(port, "/actuator/prometheus", "\nkafka_sse_latency_seconds_count 1\n");
            awaitText(
                    port,
                    "/actuator/health",
                    "\"streams\":{\"status\":\"UP\",\"details\":{\"state\":\"OPEN\",\"connections\":1,\"feeds\":{\""
                            + topic + "\":\"FOLLOWING\"}}}");
            long before = System.nanoTime();
            process.handle().destroy();
            client.awaitEnd(LIMIT);
            process.handle().onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before);
            assertTrue(seconds < GRACE_SECONDS / 3, seconds + " s");
            assertTrue(client.endedCleanly(), client::toString);
            assertTrue(client.rawText().endsWith("id: 0\nevent: stream-position\ndata: \n\n"), client::toString);
            assertEquals("0", client.lastEventId());
        } finally {
            JavaProcess.kill(process.handle());
        }
    }
}
