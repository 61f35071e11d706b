package com.opengrail.kafka.sse.testing;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The web servers of one test class in front of one broker: one for each container and settings, started when first asked
 * for. As an extension ({@code @RegisterExtension}) it closes them after the class. Every topic may be named unless the
 * settings say otherwise.
 *
 * <p>Threads: the test's alone.
 */
public final class Servers implements AutoCloseable, AfterAllCallback {

    private record Key(WebServer.Kind kind, Map<String, String> settings) {}

    /** Starts a server of a test's own making. */
    @FunctionalInterface
    public interface Start {
        WebServer on(WebServer.Kind kind) throws Exception;
    }

    private final String bootstrapServers;
    private final Map<Key, WebServer> started = new HashMap<>();

    public Servers(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** In front of the broker of the whole Maven run. */
    public static Servers ofSharedBroker() {
        return new Servers(KafkaBroker.shared().bootstrapServers());
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** The topics of the broker. */
    public Topics topics() {
        return new Topics(bootstrapServers);
    }

    /** The server of a container with these settings: names and values in turn. */
    public WebServer of(WebServer.Kind kind, String... namesAndValues) throws Exception {
        Map<String, String> settings = settings(namesAndValues);
        return of(new Key(kind, settings), each -> each.start(settings));
    }

    /** The one server of a container that is started in this way. */
    public WebServer startedBy(Start start, WebServer.Kind kind) throws Exception {
        return of(new Key(kind, Map.of()), start);
    }

    private WebServer of(Key key, Start start) throws Exception {
        WebServer server = started.get(key);
        if (server == null) {
            server = start.on(key.kind());
            started.put(key, server);
        }
        return server;
    }

    /** These settings, and what every server of the class needs besides. */
    public Map<String, String> settings(String... namesAndValues) {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka-broker-url", bootstrapServers);
        settings.put("allowed-topics", ".*");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return settings;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        // Each takes its time, a Tomcat two seconds: all together take no longer than one.
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            CompletableFuture.allOf(started.values().stream()
                            .map(server -> CompletableFuture.runAsync(server::close, threads))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        } finally {
            threads.shutdown();
        }
    }
}
