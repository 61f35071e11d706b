package com.opengrail.kafka.sse.testing;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The web servers of one test class in front of one broker: one for each container and settings, started when first asked
 * for and closed with the class. Every topic may be named unless the settings say otherwise.
 *
 * <p>Threads: the test's alone.
 */
public final class Servers implements AutoCloseable {

    private record Key(WebServer.Kind kind, Map<String, String> settings) {}

    private final String bootstrapServers;
    private final Map<Key, WebServer> started = new HashMap<>();

    public Servers(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** The server of a container with these settings: names and values in turn. */
    public WebServer of(WebServer.Kind kind, String... namesAndValues) throws Exception {
        Map<String, String> settings = settings(namesAndValues);
        Key key = new Key(kind, settings);
        WebServer server = started.get(key);
        if (server == null) {
            server = kind.start(settings);
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
