package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.KafkaBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the scenarios: in each round all targets have their turn one after the other, each with a server process and a
 * topic of its own, so that what disturbs the machine disturbs all of them.
 *
 * <p>Threads: the caller's.
 */
public final class Bench {
    private final BenchOptions options;
    private final KafkaBroker broker;
    private final Path results;
    private final Summary summary = new Summary();
    private final Map<Integer, String> topicsWithRecords = new HashMap<>();

    Bench(BenchOptions options, KafkaBroker broker) {
        this.options = options;
        this.broker = broker;
        this.results = options.folder().resolve("results.jsonl");
    }

    /** The command of docs/performance.md. */
    public static void main(String[] args) throws Exception {
        BenchOptions options = BenchOptions.fromProperties();
        Files.createDirectories(options.folder());
        try (KafkaBroker broker = KafkaBroker.start(options.folder().resolve("broker"), 0)) {
            Bench bench = new Bench(options, broker);
            bench.run();
            System.out.println(bench.summary());
            System.out.println("Each run is a line of " + bench.results);
        }
    }

    void run() throws Exception {
        Files.createDirectories(options.folder());
        Files.writeString(results, "");
        for (Scenario named : options.scenarios()) {
            Scenario scenario = named.scaled(options.scale());
            List<Target> targets = options.targets().isEmpty() ? scenario.targets() : options.targets();
            for (int round = 1; round <= options.rounds(); round++) {
                for (Target target : targets) {
                    run(scenario, target, round);
                }
            }
        }
    }

    private void run(Scenario scenario, Target target, int round) throws Exception {
        Stage stage = new Stage(scenario, target, broker.bootstrapServers(), topic(scenario), options);
        Figures figures;
        try {
            figures = Run.of(scenario.kind()).run(stage);
        } catch (AssertionError | IllegalStateException e) {
            // One target that fails keeps the others from nothing; it is missing in the table.
            System.out.println(scenario.name() + " " + target + " failed in round " + round + ": " + e.getMessage());
            return;
        }
        summary.add(stage, figures);
        String line = figures.toJson(stage, round);
        System.out.println(line);
        if (!figures.faults().isEmpty()) {
            System.out.println("  " + figures.faults());
        }
        append(line);
    }

    private void append(String line) throws IOException {
        Files.writeString(results, line + "\n", StandardOpenOption.APPEND);
    }

    private String topic(Scenario scenario) {
        String prefix = "bench-" + scenario.name();
        if (scenario.records() == 0) {
            return broker.topics().create(prefix, Stamp.LANES);
        }
        return topicsWithRecords.computeIfAbsent(scenario.records(), records -> {
            String topic = broker.topics().create(prefix, Stamp.LANES);
            try (PacedProducer producer = new PacedProducer(broker.bootstrapServers(), topic, scenario)) {
                producer.produceAtOnce(records);
            }
            return topic;
        });
    }

    Summary summary() {
        return summary;
    }
}
