package com.opengrail.kafka.sse.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The benchmark itself works: with a few clients for a second everything comes, in order, from every target. */
@Timeout(180)
class BenchIT {

    @ParameterizedTest
    @CsvSource({
        "1000x100, WIRE",
        "1000x100, BY_HAND",
        "1000x200-stuck, TOMCAT",
        "5000-filters, JETTY",
        "replay-20, WIRE",
        "replay-20, JETTY",
        "idle-5000, BARE_TOMCAT",
        "resume-5000, JETTY"
    })
    void shouldDeliverEverythingInOrder(String scenario, Target target, @TempDir Path folder) throws Exception {
        BenchOptions options = new BenchOptions(
                List.of(Scenario.named(scenario)),
                List.of(target),
                1,
                Duration.ofMillis(200),
                Duration.ofSeconds(1),
                0.005,
                Front.NONE,
                List.of("-Xshare:auto"),
                folder);
        Bench bench = new Bench(options, KafkaBroker.shared());
        bench.run();

        List<Figures> runs = bench.summary().all();
        assertEquals(1, runs.size());
        Figures figures = runs.get(0);
        assertEquals("", figures.faults());
        assertEquals(0, figures.get("missing"));
        assertTrue(figures.get("heapBytes") > 0, () -> figures.values().toString());
        assertEquals(1, Files.readAllLines(folder.resolve("results.jsonl")).size());
        assertTrue(bench.summary().toString().contains(scenario));
        if (Scenario.named(scenario).kind() != Scenario.Kind.IDLE) {
            assertTrue(
                    figures.get("eventsPerSecond") > 0, () -> figures.values().toString());
        }
    }
}
