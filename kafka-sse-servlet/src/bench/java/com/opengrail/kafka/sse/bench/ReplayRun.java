package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.JavaProcess;
import java.time.Duration;

/**
 * Clients that start at the beginning of a topic: how fast they have all of it. They do so again and again, first for the
 * warm-up, then for what is measured: code that is still being compiled says little of a server that runs for weeks.
 */
final class ReplayRun implements Run {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final LoadStats stats = new LoadStats(false);

    /** What the replays since it was last set to zero came to. */
    private long events;

    private long missing;
    private Duration time = Duration.ZERO;
    private Duration cpu = Duration.ZERO;

    @Override
    public Figures run(Stage stage) throws Exception {
        Figures figures = new Figures();
        try (ServerProcess server = ServerProcess.start(stage, JavaProcess.freePort())) {
            replayFor(stage.options().warmup(), server, stage.scenario());
            long missingInWarmUp = missing;
            replayFor(stage.options().measured(), server, stage.scenario());
            figures.rate(events, time, cpu);
            figures.delivery(missingInWarmUp + missing, stats);
            figures.held(server);
        }
        return figures;
    }

    /** Replays until a time has passed, once at the least. */
    private void replayFor(Duration least, ServerProcess server, Scenario scenario) throws Exception {
        events = 0;
        missing = 0;
        time = Duration.ZERO;
        cpu = Duration.ZERO;
        do {
            replay(server, scenario);
        } while (missing == 0 && time.compareTo(least) < 0);
    }

    private void replay(ServerProcess server, Scenario scenario) throws Exception {
        try (LoadClients clients = new LoadClients(server.port(), scenario, stats, scenario::request)) {
            long eventsBefore = clients.events();
            Duration cpuBefore = server.cpu();
            long start = System.nanoTime();
            clients.start();
            clients.open();
            missing += clients.awaitMissing(i -> scenario.records(), LIMIT);
            time = time.plusNanos(System.nanoTime() - start);
            cpu = cpu.plus(server.cpu().minus(cpuBefore));
            events += clients.events() - eventsBefore;
        }
    }
}
