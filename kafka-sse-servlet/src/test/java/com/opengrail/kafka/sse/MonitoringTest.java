package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The dashboard and the alerts of the documentation use names, labels and values that Prometheus gets. */
class MonitoringTest {
    private static final Path FOLDER = Path.of("..", "docs", "monitoring");
    private static final Pattern SELECTOR = Pattern.compile("(\\bkafka_sse_\\w+)(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*=~?\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|ignoring) \\(([^)]*)\\)");
    private static final Pattern LABEL_OF_LEGEND = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?(\\w+)\\s*}}");

    /** What Prometheus itself gives to every series. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

    /** The exported names; of each the labels, of each the values. */
    private final Map<String, Map<String, Set<String>>> exported = export();

    private static Map<String, Map<String, Set<String>>> export() {
        KafkaSseMXBean metrics = mock(KafkaSseMXBean.class);
        Counters counters = new Counters();
        KafkaSseMXBean.Feed feed = mock(KafkaSseMXBean.Feed.class);
        when(feed.getState()).thenReturn("following");
        when(metrics.getFeeds()).thenReturn(Map.of("orders", feed));
        when(metrics.getRefused()).thenReturn(counters.refused());
        when(metrics.getLatency()).thenReturn(counters.latency());
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new KafkaSseMeterBinder(metrics).bindTo(registry);
        // The gauges of feeds are there after the first reading.
        registry.scrape();
        Map<String, Map<String, Set<String>>> series = new TreeMap<>();
        registry.scrape().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher selector = SELECTOR.matcher(line);
            assertTrue(selector.find(), line);
            Map<String, Set<String>> labels = series.computeIfAbsent(selector.group(1), any -> new TreeMap<>());
            matchers(selector.group(2))
                    .forEach((label, value) -> labels.computeIfAbsent(label, any -> new TreeSet<>())
                            .add(value));
        });
        return series;
    }

    private static Map<String, String> matchers(String text) {
        Map<String, String> matchers = new TreeMap<>();
        Matcher matcher = MATCHER.matcher(text == null ? "" : text);
        while (matcher.find()) {
            matchers.put(matcher.group(1), matcher.group(2));
        }
        return matchers;
    }

    /** What is wrong with an expression. */
    private List<String> faults(String expression) {
        List<String> faults = new ArrayList<>();
        Set<String> labels = new TreeSet<>(OF_PROMETHEUS);
        Matcher selector = SELECTOR.matcher(expression);
        while (selector.find()) {
            Map<String, Set<String>> ofName = exported.get(selector.group(1));
            if (ofName == null) {
                faults.add("nothing is exported as " + selector.group(1));
            } else {
                labels.addAll(ofName.keySet());
                matchers(selector.group(2)).forEach((label, value) -> {
                    if (!OF_PROMETHEUS.contains(label)
                            && !ofName.getOrDefault(label, Set.of()).containsAll(List.of(value.split("\\|")))) {
                        faults.add(selector.group() + " selects nothing by " + label);
                    }
                });
            }
        }
        Matcher grouping = GROUPING.matcher(expression);
        while (grouping.find()) {
            for (String label : grouping.group(1).split(",\\s*")) {
                if (!labels.contains(label)) {
                    faults.add("there is no label " + label + " in " + expression);
                }
            }
        }
        return faults;
    }

    private static Set<String> labelsIn(String legend) {
        Set<String> labels = new TreeSet<>();
        Matcher label = LABEL_OF_LEGEND.matcher(legend);
        while (label.find()) {
            labels.add(label.group(1));
        }
        return labels;
    }

    private Set<String> exportedLabels() {
        Set<String> labels = new TreeSet<>(OF_PROMETHEUS);
        exported.values().stream().map(Map::keySet).forEach(labels::addAll);
        return labels;
    }

    @Test
    void shouldNoticeWhatIsWrong() {
        assertEquals(List.of(), faults("sum by (state) (kafka_sse_connections{state=\"live\", job=~\"x\"})"));
        assertEquals(1, faults("kafka_sse_sent_events").size());
        assertEquals(1, faults("kafka_sse_connections{state=\"alive\"}").size());
        assertEquals(1, faults("kafka_sse_connections{kind=\"live\"}").size());
        assertEquals(
                1,
                faults("kafka_sse_refused_requests_total{reason=~\"400|max-none\"}")
                        .size());
        assertEquals(1, faults("sum by (topic) (kafka_sse_feed_lag_records)").size());
    }

    @Test
    void shouldExportBucketsOfWhichPrometheusMakesQuantiles() {
        Set<String> bounds = exported.get("kafka_sse_latency_events_total").get("le");
        assertTrue(bounds.containsAll(List.of("0.001", "1.024", "65.536", "+Inf")), bounds::toString);
        assertEquals(18, bounds.size());
    }

    @Test
    void shouldUseExportedNamesInTheDashboard() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(FOLDER.resolve("grafana.json").toFile());
        List<String> faults = new ArrayList<>();
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            assertTrue(ids.add(panel.get("id").asInt()), "an id occurs twice");
            assertTrue(panel.get("targets").size() > 0, panel.get("title").asText());
            for (JsonNode target : panel.get("targets")) {
                String expression = target.get("expr").asText();
                assertTrue(expression.contains("kafka_sse_"), expression);
                faults.addAll(faults(expression));
                assertTrue(
                        exportedLabels()
                                .containsAll(labelsIn(target.get("legendFormat").asText())),
                        expression);
            }
        }
        for (JsonNode variable : dashboard.get("templating").get("list")) {
            faults.addAll(faults(variable.get("query").asText()));
        }
        assertEquals(List.of(), faults);
    }

    @Test
    void shouldUseExportedNamesInTheAlerts() throws IOException {
        List<String> lines = Files.readAllLines(FOLDER.resolve("alerts.yml"));
        List<String> faults = new ArrayList<>();
        lines.stream()
                .filter(line -> line.strip().startsWith("expr: "))
                .map(line -> faults(line.strip()))
                .forEach(faults::addAll);
        assertEquals(List.of(), faults);
        lines.forEach(line -> assertTrue(exportedLabels().containsAll(labelsIn(line)), line));
    }

    /** The text of the operations page, which says what each alert means. */
    @Test
    void shouldExplainEveryAlert() throws IOException {
        String page = Files.readString(FOLDER.resolveSibling("operations.md"));
        Collection<String> alerts = Files.readAllLines(FOLDER.resolve("alerts.yml")).stream()
                .filter(line -> line.contains("- alert: "))
                .map(line -> line.substring(line.indexOf(": ") + 2))
                .toList();
        assertTrue(alerts.size() > 1, alerts::toString);
        assertEquals(
                List.of(),
                alerts.stream()
                        .filter(alert -> !page.contains("`" + alert + "`"))
                        .toList());
    }

    @Test
    void shouldShowEverythingThatIsExported() throws IOException {
        String shown = Stream.of("grafana.json", "alerts.yml")
                .map(file -> read(FOLDER.resolve(file)))
                .reduce("", String::concat);
        Set<String> missing = new TreeSet<>(exported.keySet());
        missing.removeIf(
                name -> Pattern.compile("\\b" + name + "\\b").matcher(shown).find());
        // Bytes say more.
        missing.remove("kafka_sse_feed_window_events");
        missing.remove("kafka_sse_feed_consecutive_failures");
        assertEquals(Set.of(), missing);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
