package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The compiled packages know one another in one direction only, and few classes of a package know one another in both. The
 * rules for imports do not see names that are written out, nor types that are inferred.
 */
class CyclesTest {
    private static final String ROOT = KafkaSse.class.getPackageName();
    private static final Pattern DEPENDENCY = Pattern.compile(
            "^\\s+(" + Pattern.quote(ROOT) + "[\\w.]+)\\S*\\s+->\\s+(" + Pattern.quote(ROOT) + "[\\w.]+)");

    /** The least numbers of packages and classes for the tests to be about anything. */
    private static final int SOME_PACKAGES = 10;

    private static final int SOME_CLASSES = 100;

    /** So many classes can be understood at once. */
    private static final int MOST_IN_A_CIRCLE = 7;

    @Test
    void shouldHaveNoCycleOfPackages() throws URISyntaxException {
        Map<String, Set<String>> known = dependencies(CyclesTest::packageOf);
        known.remove(ROOT);
        assertTrue(known.size() > SOME_PACKAGES, known::toString);
        Map<String, Set<String>> cycles = new TreeMap<>();
        for (String each : known.keySet()) {
            if (reachable(each, known).contains(each)) {
                cycles.put(each, known.get(each));
            }
        }
        assertEquals(Map.of(), cycles, "packages of cycles, and what they know");
    }

    @Test
    void shouldHaveNoLargeCircleOfClasses() throws URISyntaxException {
        Map<String, Set<String>> known = dependencies(UnaryOperator.identity());
        assertTrue(known.size() > SOME_CLASSES, known::toString);
        known.forEach(
                (each, others) -> others.removeIf(other -> !packageOf(other).equals(packageOf(each))));
        Map<String, Set<String>> reachable =
                known.keySet().stream().collect(Collectors.toMap(each -> each, each -> reachable(each, known)));
        for (String each : known.keySet()) {
            Set<String> circle = new TreeSet<>(reachable.get(each));
            circle.removeIf(other -> !reachable.getOrDefault(other, Set.of()).contains(each));
            assertTrue(circle.size() <= MOST_IN_A_CIRCLE, () -> circle.size() + " classes know one another: " + circle);
        }
    }

    private static String packageOf(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** What each class, or what it is part of, knows of others. */
    private static Map<String, Set<String>> dependencies(UnaryOperator<String> part) throws URISyntaxException {
        Map<String, Set<String>> known = new TreeMap<>();
        jdeps().lines().map(DEPENDENCY::matcher).filter(Matcher::find).forEach(found -> {
            String from = part.apply(found.group(1));
            String to = part.apply(found.group(2));
            Set<String> others = known.computeIfAbsent(from, any -> new TreeSet<>());
            if (!from.equals(to)) {
                others.add(to);
            }
        });
        return known;
    }

    private static String jdeps() throws URISyntaxException {
        Path classes = Path.of(KafkaSse.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out);
        int result = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(printer, printer, "-verbose:class", "-filter:none", classes.toString());
        assertEquals(0, result, out::toString);
        return out.toString();
    }

    private static Set<String> reachable(String from, Map<String, Set<String>> known) {
        Set<String> reached = new TreeSet<>();
        Deque<String> next = new ArrayDeque<>(known.get(from));
        while (!next.isEmpty()) {
            String each = next.remove();
            if (reached.add(each)) {
                next.addAll(known.getOrDefault(each, Set.of()));
            }
        }
        return reached;
    }
}
