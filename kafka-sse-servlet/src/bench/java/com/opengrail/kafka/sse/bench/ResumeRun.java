package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.JavaProcess;
import java.time.Duration;

/** The server is killed, records go on, another one takes its place, and all clients resume there at once. */
final class ResumeRun implements Run {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public Figures run(Stage stage) throws Exception {
        Scenario scenario = stage.scenario();
        LoadStats stats = new LoadStats(true);
        Figures figures = new Figures();
        int port = JavaProcess.freePort();
        ServerProcess server = ServerProcess.start(stage, port);
        try (PacedProducer producer = new PacedProducer(stage.brokers(), stage.topic(), scenario);
                LoadClients clients = new LoadClients(port, scenario, stats, scenario::request)) {
            clients.start();
            clients.open();
            clients.awaitOpen(LIMIT);
            clients.awaitIds(LIMIT);
            producer.produceFor(stage.options().warmup());
            clients.awaitMissing(i -> producer.produced(), LIMIT);
            stats.expectEnds(true);
            server.kill();
            clients.awaitClosed(LIMIT);
            stats.expectEnds(false);
            producer.produceFor(stage.options().measured());
            server = ServerProcess.start(stage, port);
            resume(server, clients, producer, figures);
            figures.delivery(clients.awaitMissing(i -> producer.produced(), LIMIT), stats);
            figures.held(server);
        } finally {
            server.close();
        }
        return figures;
    }

    /** Up to when each client has all that it missed and one record that was produced after its server had started. */
    private static void resume(ServerProcess server, LoadClients clients, PacedProducer producer, Figures figures) {
        long events = clients.events();
        long start = System.nanoTime();
        Duration cpuBefore = server.cpu();
        clients.open();
        producer.produceAtOnce(Stamp.LANES);
        clients.awaitMissing(i -> producer.produced(), LIMIT);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        figures.put("resumedMillis", time.toMillis());
        figures.rate(clients.events() - events, time, server.cpu().minus(cpuBefore));
    }
}
