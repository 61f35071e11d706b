package com.opengrail.kafka.sse.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What one run of a target in a scenario came to.
 *
 * <p>Threads: the caller's.
 */
final class Figures {
    private static final double MILLION = 1e6;

    private final Map<String, Double> values = new LinkedHashMap<>();
    private String faults = "";
    private String answers = "";

    void put(String name, double value) {
        values.put(name, value);
    }

    /** Throughput and what it costs, both over the same time. */
    void rate(long events, Duration time, Duration cpu) {
        put("eventsPerSecond", events / (time.toNanos() / 1e9));
        put("cpuSecondsPerMillion", events == 0 ? 0 : cpu.toNanos() / 1e9 / (events / MILLION));
    }

    void latencies(Histogram nanos) {
        put("p50Millis", nanos.getValueAtPercentile(50) / MILLION);
        put("p99Millis", nanos.getValueAtPercentile(99) / MILLION);
        put("p999Millis", nanos.getValueAtPercentile(99.9) / MILLION);
        put("maxMillis", nanos.getMaxValue() / MILLION);
    }

    /** What the server holds, clients and all. */
    void held(ServerProcess server) {
        put("residentBytes", server.residentBytes());
        server.held().forEach((name, value) -> put(name, value));
    }

    /** Whether all came, each once and in order. */
    void delivery(long missing, LoadStats stats) {
        put("missing", missing);
        put("faults", stats.faults());
        faults = stats.faults() == 0 ? "" : stats.toString();
    }

    /** How often an attack got which answer. */
    void answers(String counts) {
        answers = counts;
    }

    String answers() {
        return answers;
    }

    /** A figure, or NaN where the run has none of that name. */
    double get(String name) {
        return values.getOrDefault(name, Double.NaN);
    }

    Map<String, Double> values() {
        return values;
    }

    /** The first faults; empty where there is none. */
    String faults() {
        return faults;
    }

    /** One line. */
    String toJson(Stage stage, int round) {
        String figures = values.entrySet().stream()
                .map(e -> "\"%s\":%s".formatted(e.getKey(), String.format(Locale.ROOT, "%.3f", e.getValue())))
                .collect(Collectors.joining(","));
        return "{\"scenario\":\"%s\",\"target\":\"%s\",\"round\":%d,%s}"
                .formatted(stage.scenario().name(), stage.target(), round, figures);
    }
}
