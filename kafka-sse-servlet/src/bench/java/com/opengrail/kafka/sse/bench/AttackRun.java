package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.JavaProcess;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Honest clients follow the default topic, first alone and then beside an attack, on the same server.
 *
 * <p>Threads: the caller's.
 */
final class AttackRun {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int P = 99;

    private final Attack attack;
    private final Attack.Topics topics;
    private final Stage stage;
    private final LoadStats stats = new LoadStats(false);
    private final Figures figures = new Figures();

    /**
     * A run.
     *
     * @param stage says what the honest clients do
     */
    AttackRun(Attack attack, Attack.Topics topics, Stage stage) {
        this.attack = attack;
        this.topics = topics;
        this.stage = stage;
    }

    /** Figures end with "Before" or "During". */
    Figures run() throws Exception {
        Scenario honest = stage.scenario();
        try (ServerProcess server = ServerProcess.start(stage, JavaProcess.freePort());
                LoadClients clients = new LoadClients(server.port(), honest, stats, client -> request());
                PacedProducer producer = new PacedProducer(stage.brokers(), stage.topic(), honest);
                UniqueNames names = new UniqueNames(stage, attack == Attack.NAMES)) {
            clients.start();
            clients.open();
            clients.awaitOpen(LIMIT);
            names.start();
            producer.produceFor(stage.options().warmup());
            measure(server, clients, producer, "Before");
            attack(server, clients, producer);
        }
        return figures;
    }

    private void attack(ServerProcess server, LoadClients clients, PacedProducer producer) throws Exception {
        double scale = stage.options().scale();
        try (Attacker attacker = new Attacker(attack, topics, server.port(), scale)) {
            attacker.start();
            producer.produceFor(stage.options().warmup());
            measure(server, clients, producer, "During");
            figures.answers(attacker.answers());
        }
    }

    /** Honest clients name what they follow where other names are there as well. */
    private String request() {
        return attack == Attack.NAMES ? "/kafka-sse?event=k0,k1,k2,k3" : "/kafka-sse";
    }

    private void measure(ServerProcess server, LoadClients clients, PacedProducer producer, String when) {
        clients.latencies();
        stats.measureFromNow();
        long start = System.nanoTime();
        Duration cpuBefore = server.cpu();
        producer.produceFor(stage.options().measured());
        double cpu = server.cpu().minus(cpuBefore).toNanos() / (double) (System.nanoTime() - start);
        long missing = clients.awaitMissing(i -> producer.produced(), LIMIT);
        Histogram nanos = clients.latencies();
        figures.put("p99Millis" + when, nanos.getValueAtPercentile(P) / NANOS_PER_MILLI);
        figures.put("maxMillis" + when, nanos.getMaxValue() / NANOS_PER_MILLI);
        figures.put("processors" + when, cpu);
        server.held().forEach((name, value) -> figures.put(name + when, value));
        figures.delivery(missing, stats);
    }
}
