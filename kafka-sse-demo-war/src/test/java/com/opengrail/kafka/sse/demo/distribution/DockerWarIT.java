package com.opengrail.kafka.sse.demo.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OwnerWatch;
import com.opengrail.kafka.sse.testing.SseClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files in {@code docs/docker}, without a container engine. The test does what each line says: in a folder instead of an
 * image, and with processes instead of containers.
 */
class DockerWarIT {
    private static final Path TOP = Path.of("..").toAbsolutePath().normalize();
    private static final Path DOCKER = TOP.resolve("docs/docker");
    private static final String TOMCAT = "/usr/local/tomcat";
    private static final Pattern SETTING = Pattern.compile("(?m)^ {6}([A-Z_]+): (\\S+)$");

    @TempDir
    private Path folder;

    /** The variables of a service whose names begin so. */
    private static Map<String, String> environment(String prefix) throws IOException {
        Map<String, String> found = new TreeMap<>();
        Matcher settings = SETTING.matcher(Files.readString(DOCKER.resolve("compose.yaml")));
        while (settings.find()) {
            if (settings.group(1).startsWith(prefix)) {
                found.put(settings.group(1), settings.group(2));
            }
        }
        return found;
    }

    /** The instructions of the Dockerfile, in order. */
    private static List<String[]> instructions() throws IOException {
        return Files.readAllLines(DOCKER.resolve("Dockerfile")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" ", 2))
                .toList();
    }

    /** What the image of Apache Kafka makes of its environment, with addresses of this machine. */
    private static List<String> configuration(int port, int controller) throws IOException {
        List<String> lines = new ArrayList<>();
        environment("KAFKA_").forEach((name, value) -> {
            String property =
                    name.substring("KAFKA_".length()).toLowerCase(Locale.ROOT).replace('_', '.');
            String here = value.replaceAll("(?<=@|://)(?:kafka|localhost)?(?=:)", "127.0.0.1")
                    .replace(":9092", ":" + port)
                    .replace(":9093", ":" + controller);
            lines.add(property + "=" + here);
        });
        // The default of Kafka, and of the image.
        lines.add("auto.create.topics.enable=true");
        return lines;
    }

    private static void copy(String[] words, Path image) throws IOException {
        PathMatcher pattern = FileSystems.getDefault().getPathMatcher("glob:" + TOP.resolve(words[0]));
        try (Stream<Path> files = Files.list(TOP.resolve(words[0]).getParent())) {
            List<Path> matching = files.filter(pattern::matches).toList();
            assertEquals(1, matching.size(), "the only build of " + words[0]);
            Files.copy(matching.get(0), image.resolve(words[1].substring(1)));
        }
    }

    private static void assertIsShell(String script) throws Exception {
        Process shell = new ProcessBuilder("sh", "-n", "-c", script)
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes());
        assertEquals(0, shell.waitFor(), said);
    }

    /** Does what the Dockerfile says. */
    private static void build(Path image) throws Exception {
        List<String> done = new ArrayList<>();
        for (String[] instruction : instructions()) {
            done.add(instruction[0]);
            switch (instruction[0]) {
                case "FROM" -> assertTrue(instruction[1].matches("tomcat:11\\.0-jre(17|21|25)-\\w+"), instruction[1]);
                case "COPY" -> copy(instruction[1].split(" "), image);
                case "RUN" -> assertIsShell(instruction[1]);
                case "USER" -> assertEquals("sse", instruction[1]);
                case "EXPOSE" -> assertEquals("8080", instruction[1]);
                default -> throw new AssertionError("an instruction that no test follows: " + instruction[0]);
            }
        }
        assertEquals(List.of("FROM", "COPY", "RUN", "USER", "EXPOSE"), done);
    }

    @Test
    void shouldShowThePageAndTheEventsOfTheComposedDemo() throws Exception {
        int brokersPort = JavaProcess.freePort();
        int port = JavaProcess.freePort();
        Path image = Files.createDirectories(folder.resolve("image"));
        Path base = image.resolve(TOMCAT.substring(1));
        Distribution.TOMCAT_11.setUp(base, port);
        build(image);
        Path agent = folder.resolve("owner-watch.jar");
        OwnerWatch.writeAgent(agent);
        Map<String, String> environment = new HashMap<>(environment("SSE_"));
        assertEquals("kafka:9092", environment.get("SSE_PROXY_KAFKA_BROKER_URL"));
        environment.put("SSE_PROXY_KAFKA_BROKER_URL", "127.0.0.1:" + brokersPort);
        try (KafkaBroker broker = KafkaBroker.start(
                folder.resolve("broker"), brokersPort, configuration(brokersPort, JavaProcess.freePort()))) {
            JavaProcess tomcat = JavaProcess.start(
                    Distribution.TOMCAT_11.command(base, List.of("-Xmx256m", "-javaagent:" + agent), environment),
                    ProcessHandle.current(),
                    base.resolve("console.log"));
            try {
                tomcat.awaitPort(port, Container.LIMIT);
                assertShows(URI.create("http://127.0.0.1:" + port + "/"));
            } finally {
                JavaProcess.kill(tomcat.handle());
            }
            assertEquals(brokersPort, broker.port());
        }
    }

    private static void assertShows(URI page) throws Exception {
        HttpResponse<String> shown = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, shown.statusCode());
        assertTrue(shown.body().contains("kafka-sse"), shown.body());
        try (SseClient client = SseClient.to(page.resolve("kafka-sse")).open()) {
            client.awaitEvents(3, Container.LIMIT);
            assertEquals(200, client.status());
        }
    }
}
