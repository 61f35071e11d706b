package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.JavaProcess;
import java.time.Duration;

/** Clients that start at the beginning of a topic: how fast they have all of it. */
final class ReplayRun implements Run {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Override
    public Figures run(Stage stage) throws Exception {
        Scenario scenario = stage.scenario();
        LoadStats stats = new LoadStats(false);
        Figures figures = new Figures();
        try (ServerProcess server = ServerProcess.start(stage, JavaProcess.freePort())) {
            // The first time warms the server up.
            replay(server, scenario, stats, new Figures());
            replay(server, scenario, stats, figures);
            figures.held(server);
        }
        return figures;
    }

    private static void replay(ServerProcess server, Scenario scenario, LoadStats stats, Figures figures)
            throws Exception {
        try (LoadClients clients = new LoadClients(server.port(), scenario, stats, scenario::request)) {
            long before = clients.events();
            Duration cpuBefore = server.cpu();
            long start = System.nanoTime();
            clients.start();
            clients.open();
            long missing = clients.awaitMissing(i -> scenario.records(), LIMIT);
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            figures.rate(clients.events() - before, time, server.cpu().minus(cpuBefore));
            figures.delivery(missing, stats);
        }
    }
}
