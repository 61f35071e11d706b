package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.JavaProcess;
import java.time.Duration;

/**
 * All clients listen, then records come at an even pace: first for the warm-up, and when what that has left behind is
 * delivered, what is measured.
 */
final class FanOutRun implements Run {
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(120);

    /** How long a server that is behind may take to deliver the rest. */
    private static final Duration REST_LIMIT = Duration.ofSeconds(10);

    @Override
    public Figures run(Stage stage) throws Exception {
        Scenario scenario = stage.scenario();
        LoadStats stats = new LoadStats(false);
        Figures figures = new Figures();
        try (ServerProcess server = ServerProcess.start(stage, JavaProcess.freePort())) {
            LoadClients clients = new LoadClients(server.port(), scenario, stats, scenario::request);
            try (clients;
                    PacedProducer producer = new PacedProducer(stage.brokers(), stage.topic(), scenario)) {
                clients.start();
                clients.open();
                clients.awaitOpen(OPEN_LIMIT);
                producer.produceFor(stage.options().warmup());
                clients.awaitMissing(i -> scenario.expected(i, producer.produced()), REST_LIMIT);
                stats.measureFromNow();
                long bytesBefore = stats.wireBytes.sum();
                long eventsBefore = stats.events.sum();
                measure(stage, server, clients, producer, figures);
                long events = Math.max(1, stats.events.sum() - eventsBefore);
                figures.put("wireBytesPerEvent", (stats.wireBytes.sum() - bytesBefore) / (double) events);
                long missing = clients.awaitMissing(i -> scenario.expected(i, producer.produced()), REST_LIMIT);
                figures.held(server);
                figures.delivery(missing, stats);
            }
            figures.latencies(clients.latencies());
        }
        return figures;
    }

    private static void measure(
            Stage stage, ServerProcess server, LoadClients clients, PacedProducer producer, Figures figures) {
        long start = System.nanoTime();
        long eventsBefore = clients.events();
        Duration cpuBefore = server.cpu();
        producer.produceFor(stage.options().measured());
        Duration cpu = server.cpu().minus(cpuBefore);
        figures.rate(clients.events() - eventsBefore, Duration.ofNanos(System.nanoTime() - start), cpu);
    }
}
