package com.opengrail.kafka.sse.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What is run and for how long.
 *
 * @param targets those of each scenario where empty
 * @param rounds how often each target has its turn in each scenario
 * @param scale the part of the clients and records that there are
 * @param front what stands between the clients and each server
 * @param serverOptions of the servers' JVMs, behind the heap's size
 * @param folder for the broker's data, the servers' logs and the results
 */
record BenchOptions(
        List<Scenario> scenarios,
        List<Target> targets,
        int rounds,
        Duration warmup,
        Duration measured,
        double scale,
        Front front,
        List<String> serverOptions,
        Path folder) {

    /** The options as system properties say them. */
    static BenchOptions fromProperties() {
        List<String> names = list("bench.scenarios", ",");
        return new BenchOptions(
                names.isEmpty()
                        ? Scenario.ALL
                        : names.stream().map(Scenario::named).toList(),
                list("bench.targets", ",").stream().map(Target::valueOf).toList(),
                Integer.getInteger("bench.rounds", 1),
                Duration.ofSeconds(Integer.getInteger("bench.warmup", 5)),
                Duration.ofSeconds(Integer.getInteger("bench.seconds", 10)),
                Double.parseDouble(System.getProperty("bench.scale", "1")),
                Front.valueOf(System.getProperty("bench.front", "NONE")),
                list("bench.server.options", " "),
                Path.of(System.getProperty("bench.folder", "target/bench")).toAbsolutePath());
    }

    private static List<String> list(String property, String separator) {
        return Arrays.stream(System.getProperty(property, "").split(separator))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .toList();
    }
}
