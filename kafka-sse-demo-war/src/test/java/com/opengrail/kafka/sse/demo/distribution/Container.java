package com.opengrail.kafka.sse.demo.distribution;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OwnerWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A distribution that runs as a process of its own, with the demo WAR at {@code /sse}.
 *
 * <p>What it may stream are topics whose names begin with {@code it-}.
 */
final class Container {
    static final Duration LIMIT = Duration.ofSeconds(60);
    static final String ORIGIN = "https://page.example";

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final String WAR = "sse.war";

    /** No more at the same time than there are processors. Each has a limited time to start. */
    private static final Executor STARTERS =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), Container::daemon);

    private final Distribution distribution;
    private final Path base;
    private final int port;
    private ProcessHandle process;
    private int generation;

    private Container(Distribution distribution, Path base) throws IOException {
        this.distribution = distribution;
        this.base = base;
        this.port = JavaProcess.freePort();
        remove(base);
        Files.createDirectories(base);
        distribution.setUp(base, port);
        OwnerWatch.writeAgent(agent());
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
        run().awaitPort(port, LIMIT);
        deploy();
    }

    private JavaProcess run() throws IOException {
        JavaProcess started = JavaProcess.start(
                distribution.command(base, options(agent()), environment()),
                ProcessHandle.current(),
                base.resolve("console.log"));
        process = started.handle();
        return started;
    }

    private Path agent() {
        return base.resolve("owner-watch.jar");
    }

    /** Starts a server that was stopped, with the WAR that it had. */
    void restart() throws IOException {
        run();
        awaitAnswer(page("generation.txt"), "200 " + generation);
    }

    /** The process of a distribution that most tests share. The first that asks for one starts all. */
    static Container of(Distribution distribution) {
        return Shared.ALL.get(distribution).join();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "container-starter");
        thread.setDaemon(true);
        return thread;
    }

    private static final class Shared {
        static final Map<Distribution, CompletableFuture<Container>> ALL = startAll("shared");
    }

    /** Starts one process of each distribution, in a folder of that name. */
    static Map<Distribution, CompletableFuture<Container>> startAll(String name) {
        return Distribution.unpacked().stream()
                .collect(Collectors.toMap(
                        distribution -> distribution,
                        distribution -> CompletableFuture.supplyAsync(() -> start(name, distribution), STARTERS)));
    }

    static Container start(String name, Distribution distribution) {
        Path folder =
                Path.of(System.getProperty("demo.folder")).toAbsolutePath().resolve(name);
        try {
            return new Container(distribution, folder.resolve(distribution.name()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + distribution, e);
        }
    }

    /** The last tells the application with Spring where the broker is. */
    private static List<String> options(Path agent) {
        return List.of(
                "-Xmx" + System.getProperty("distributions.heap", "512m"),
                "-javaagent:" + agent,
                "-Dexample.brokers=" + KafkaBroker.shared().bootstrapServers());
    }

    private static Map<String, String> environment() {
        return Map.of(
                "SSE_PROXY_KAFKA_BROKER_URL",
                KafkaBroker.shared().bootstrapServers(),
                "SSE_PROXY_ALLOWED_TOPICS",
                "(it-.*)",
                "SSE_PROXY_KEEP_ALIVE_MILLIS",
                "1000",
                "SSE_PROXY_ALLOWED_ORIGINS",
                ORIGIN);
    }

    void stop() {
        if (process != null) {
            JavaProcess.stop(process, STOP_LIMIT);
        }
    }

    Distribution distribution() {
        return distribution;
    }

    /** The address of a stream: what follows the servlet's mapping. */
    URI stream(String topicAndQuery) {
        return uri("/sse/kafka-sse/" + topicAndQuery);
    }

    URI page(String path) {
        return uri("/sse/" + path);
    }

    /** An address on this server. */
    URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port + pathAndQuery);
    }

    /** The server's folder, in which a test may prepare files. */
    Path folder() {
        return base;
    }

    ContainerLog log() {
        return new ContainerLog(distribution, base);
    }

    /** Puts the WAR, or another build of it, into the folder that the server watches, and waits until that is what answers. */
    void deploy() throws IOException {
        generation++;
        Path war = base.resolve("new.war");
        Files.copy(Path.of(System.getProperty("demo.war")), war, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem content = FileSystems.newFileSystem(war)) {
            Files.writeString(content.getPath("generation.txt"), Integer.toString(generation));
        }
        Files.move(war, distribution.installation().deployments(base).resolve(WAR), StandardCopyOption.ATOMIC_MOVE);
        awaitAnswer(page("generation.txt"), "200 " + generation);
        Await.until("the end of the deployment", LIMIT, this::isDone, () -> log().text());
    }

    private boolean isDone() {
        try {
            return distribution
                    .installation()
                    .isDone(distribution.installation().deployments(base).resolve(WAR));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deploys another application at the path of that name, and waits until its page answers. */
    void deploy(String name, War war, String page) throws IOException {
        Files.move(
                war.file(),
                distribution.installation().deployments(base).resolve(name + ".war"),
                StandardCopyOption.ATOMIC_MOVE);
        awaitAnswer(uri("/" + name + page), "200");
    }

    /** Deploys the application of the distribution that manages others: only Tomcat has one. */
    void deployManager() throws IOException {
        Path copy = base.resolve("manager");
        Path original = distribution.home().resolve("webapps/manager");
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(original.relativize(file).toString()));
            }
        }
        Files.move(copy, base.resolve("webapps/manager"), StandardCopyOption.ATOMIC_MOVE);
        awaitAnswer(uri("/manager/text/list"), "401");
    }

    /** Takes another application away, and waits until nothing answers where its page was. */
    void undeploy(String name, String page) throws IOException {
        Files.delete(distribution.installation().deployments(base).resolve(name + ".war"));
        awaitAnswer(uri("/" + name + page), "404");
    }

    /** Takes the WAR away, and waits until nothing answers at its path. */
    void undeploy() throws IOException {
        removeWar();
        awaitUndeployed();
    }

    /** Waits until nothing answers at the application's path. */
    void awaitUndeployed() {
        awaitAnswer(page("generation.txt"), "404");
    }

    /** Takes the WAR away. */
    void removeWar() throws IOException {
        Files.delete(distribution.installation().deployments(base).resolve(WAR));
    }

    private void awaitAnswer(URI url, String start) {
        Await.until(
                distribution + " to answer " + start,
                LIMIT,
                () -> answer(url).startsWith(start),
                () -> answer(url) + ", and its log is " + log().text());
    }

    /** Over a connection of its own, which holds on to no application. */
    private static String answer(URI url) {
        try {
            HttpURLConnection asking = (HttpURLConnection) url.toURL().openConnection();
            asking.setRequestProperty("Connection", "close");
            asking.setReadTimeout((int) LIMIT.toMillis());
            int status = asking.getResponseCode();
            return status == HttpURLConnection.HTTP_OK
                    ? status + " " + new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    : Integer.toString(status);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Web applications in memory, after a collection of all that is not reachable. */
    long applications() {
        Pattern line = Pattern.compile(
                "^ *\\d+: +(\\d+) +\\d+ +"
                        + Pattern.quote(distribution.installation().loader()) + "(?: .*)?$",
                Pattern.MULTILINE);
        return line.matcher(jcmd("GC.class_histogram"))
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    /** The heap that is in use after a collection, in bytes. */
    long usedHeap() {
        Matcher total = Pattern.compile("(?m)^Total +\\d+ +(\\d+)$").matcher(jcmd("GC.class_histogram"));
        if (!total.find()) {
            throw new IllegalStateException("the histogram has no total");
        }
        return Long.parseLong(total.group(1));
    }

    /** The names of all threads that are ours or those of a Kafka client. A container's own may be named after a folder. */
    List<String> threads() {
        String folders = Path.of("").toAbsolutePath().toString();
        return Pattern.compile("^\"([^\"]*kafka[^\"]*)\"", Pattern.MULTILINE)
                .matcher(jcmd("Thread.print"))
                .results()
                .map(found -> found.group(1))
                .filter(name -> name.replace(folders, "").contains("kafka"))
                .toList();
    }

    private String jcmd(String command) {
        return Program.run(List.of(Program.ofJdk("jcmd"), Long.toString(process.pid()), command));
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
