package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.JavaProcess;
import java.time.Duration;

/** Clients that listen to a topic to which nothing is written: what each of them holds. */
final class IdleRun implements Run {
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(120);

    @Override
    public Figures run(Stage stage) throws Exception {
        Scenario scenario = stage.scenario();
        LoadStats stats = new LoadStats(false);
        Figures figures = new Figures();
        try (ServerProcess server = ServerProcess.start(stage, JavaProcess.freePort());
                LoadClients first = new LoadClients(server.port(), scenario.scaled(0), stats, scenario::request);
                LoadClients clients = new LoadClients(server.port(), scenario, stats, scenario::request)) {
            // The first client has classes loaded and the feed started, so that the others are what is measured.
            first.start();
            first.open();
            first.awaitOpen(OPEN_LIMIT);
            long before = server.held().get("heapBytes");
            clients.start();
            clients.open();
            clients.awaitOpen(OPEN_LIMIT);
            figures.held(server);
            figures.put("heapPerClient", (figures.get("heapBytes") - before) / scenario.clients());
            figures.delivery(0, stats);
        }
        return figures;
    }
}
