package com.opengrail.kafka.sse.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All runs as a table: for each scenario and target the median of its rounds, and the median of its ratios to the wire in
 * the same round.
 *
 * <p>Threads: the caller's.
 */
final class Summary {
    private static final String NONE = "-";

    /** A column: its head, the figure, what the figure is divided by, and its digits behind the point. */
    private record Column(String head, String figure, double unit, int digits) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("events/s", "eventsPerSecond", 1, 0),
            new Column("missing", "missing", 1, 0),
            new Column("faults", "faults", 1, 0),
            new Column("cpu s/M", "cpuSecondsPerMillion", 1, 2),
            new Column("B/event", "wireBytesPerEvent", 1, 0),
            new Column("p50 ms", "p50Millis", 1, 1),
            new Column("p99 ms", "p99Millis", 1, 1),
            new Column("p99.9", "p999Millis", 1, 1),
            new Column("max ms", "maxMillis", 1, 0),
            new Column("heap MB", "heapBytes", 1e6, 1),
            new Column("rss MB", "residentBytes", 1e6, 0),
            new Column("threads", "threads", 1, 0),
            new Column("brokers", "brokerConnections", 1, 0),
            new Column("B/client", "heapPerClient", 1, 0),
            new Column("resume ms", "resumedMillis", 1, 0));

    private static final List<Column> RATIOS = List.of(
            new Column("events/wire", "eventsPerSecond", 1, 2),
            new Column("cpu/wire", "cpuSecondsPerMillion", 1, 2),
            new Column("p99/wire", "p99Millis", 1, 2));

    private final Map<String, Map<Target, List<Figures>>> rounds = new LinkedHashMap<>();

    void add(Stage stage, Figures figures) {
        rounds.computeIfAbsent(stage.scenario().name(), name -> new LinkedHashMap<>())
                .computeIfAbsent(stage.target(), target -> new ArrayList<>())
                .add(figures);
    }

    /** All runs. */
    List<Figures> all() {
        return rounds.values().stream()
                .flatMap(targets -> targets.values().stream())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder(String.format("%-15s %-11s", "scenario", "target"));
        RATIOS.forEach(column -> table.append(String.format(" %11s", column.head)));
        COLUMNS.forEach(column -> table.append(String.format(" %9s", column.head)));
        rounds.forEach((scenario, targets) -> targets.forEach((target, runs) -> {
            table.append(String.format("%n%-15s %-11s", scenario, target));
            List<Figures> wire = targets.getOrDefault(Target.WIRE, List.of());
            for (Column column : RATIOS) {
                table.append(String.format(" %11s", text(ratio(runs, wire, column.figure), column)));
            }
            for (Column column : COLUMNS) {
                double median = median(
                        runs.stream().map(figures -> figures.get(column.figure)).toList());
                table.append(String.format(" %9s", text(median, column)));
            }
        }));
        return table.toString();
    }

    private static double ratio(List<Figures> runs, List<Figures> wire, String figure) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(runs.size(), wire.size()); round++) {
            ratios.add(runs.get(round).get(figure) / wire.get(round).get(figure));
        }
        return median(ratios);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }

    private static String text(double value, Column column) {
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%." + column.digits + "f", value / column.unit)
                : NONE;
    }
}
