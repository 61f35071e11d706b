package com.opengrail.kafka.sse.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.KafkaBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Beside each attack everything comes, in order, within the heap; how fast is measured by {@link Attacks}. */
@Timeout(180)
class AttacksIT {
    @TempDir
    static Path folder;

    private static Attacks attacks;

    @BeforeAll
    static void prepare() {
        BenchOptions options = new BenchOptions(
                List.of(),
                List.of(),
                1,
                Duration.ofMillis(200),
                Duration.ofSeconds(1),
                0.1,
                Front.NONE,
                List.of("-Xshare:auto"),
                folder);
        attacks = new Attacks(options, KafkaBroker.shared());
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverEverythingBesideAnAttack(Attack attack) throws Exception {
        Figures figures = attacks.run(attack, Target.JETTY);
        assertEquals("", figures.faults());
        assertEquals(0, figures.get("missing"));
        assertTrue(figures.get("p99MillisDuring") > 0, () -> figures.values().toString());
        boolean waits = attack.manner == Attack.Manner.FOLLOWS || attack.manner == Attack.Manner.STAYS;
        boolean isAnswered = waits && attack != Attack.HALF_OPEN;
        assertTrue(
                !isAnswered || figures.answers().length() > "{}".length(),
                () -> "the attack has reached nobody: " + figures.answers());
    }
}
