package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.KafkaBroker;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a stranger can cost: each attack beside honest clients, against the same clients alone.
 *
 * <p>Threads: the caller's.
 */
public final class Attacks {
    private static final int HONEST = 100;
    private static final int RATE = 200;
    private static final int LARGE_RECORDS = 10_000;
    private static final int LARGE_BYTES = 10_000;
    private static final int SMALL_TOPICS = 7;
    private static final int HEAP = 256;
    private static final double MEGABYTE = 1e6;

    private final BenchOptions options;
    private final KafkaBroker broker;
    private final Attack.Topics topics;

    Attacks(BenchOptions options, KafkaBroker broker) {
        this.options = options;
        this.broker = broker;
        List<String> small = new ArrayList<>();
        for (int i = 0; i < SMALL_TOPICS; i++) {
            small.add(broker.topics().create("bench-small", 1));
        }
        this.topics = new Attack.Topics(large(), small);
    }

    /** The command of docs/operations.md. */
    public static void main(String[] args) throws Exception {
        BenchOptions options = BenchOptions.fromProperties();
        Files.createDirectories(options.folder());
        String named = System.getProperty("bench.attacks", "");
        List<Attack> attacks = named.isBlank()
                ? List.of(Attack.values())
                : Arrays.stream(named.split(",")).map(Attack::valueOf).toList();
        try (KafkaBroker broker = KafkaBroker.start(options.folder().resolve("broker"), 0)) {
            Attacks all = new Attacks(options, broker);
            System.out.println(head());
            for (Attack attack : attacks) {
                for (Target target : options.targets().isEmpty() ? List.of(Target.JETTY) : options.targets()) {
                    System.out.println(row(attack, target, all.run(attack, target)));
                }
            }
        }
    }

    private String large() {
        String topic = broker.topics().create("bench-large", Stamp.LANES);
        Scenario scenario = honest(1, LARGE_BYTES);
        try (PacedProducer producer = new PacedProducer(broker.bootstrapServers(), topic, scenario)) {
            producer.produceAtOnce((int) (LARGE_RECORDS * options.scale()));
        }
        return topic;
    }

    private static Scenario honest(int clients, int bytes) {
        return new Scenario("attack", Scenario.Kind.FAN_OUT, clients, RATE, bytes, Stamp.LANES, 0, 0, HEAP);
    }

    Figures run(Attack attack, Target target) throws Exception {
        Scenario scenario = honest(HONEST, RATE).scaled(options.scale());
        String topic = broker.topics().create("bench-attack", Stamp.LANES);
        return new AttackRun(attack, topics, new Stage(scenario, target, broker.bootstrapServers(), topic, options))
                .run();
    }

    private static String head() {
        return "| attack | on | p99 alone, ms | p99 beside it, ms | ratio | missing, faults | processors | heap, MB | look-ups | answers |\n"
                + "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";
    }

    private static String row(Attack attack, Target target, Figures figures) {
        double before = figures.get("p99MillisBefore");
        double during = figures.get("p99MillisDuring");
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.1f | %.1f | %.2f | %.0f, %.0f | %.2f → %.2f | %.0f → %.0f | %.0f | %s |",
                attack,
                target,
                before,
                during,
                during / before,
                figures.get("missing"),
                figures.get("faults"),
                figures.get("processorsBefore"),
                figures.get("processorsDuring"),
                figures.get("heapBytesBefore") / MEGABYTE,
                figures.get("heapBytesDuring") / MEGABYTE,
                figures.get("lookUpsDuring") - figures.get("lookUpsBefore"),
                figures.answers());
    }
}
