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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * The compiled packages below internal know one another in one direction only. The rules for imports do not see names that
 * are written out, nor types that are inferred.
 */
class PackageCyclesTest {
    private static final String INTERNAL = KafkaSse.class.getPackageName() + ".internal.";
    private static final Pattern DEPENDENCY = Pattern.compile(
            "^\\s+" + Pattern.quote(INTERNAL) + "(\\w+)\\.\\S+\\s+->\\s+" + Pattern.quote(INTERNAL) + "(\\w+)\\.");

    /** The least number of packages for the test to be about anything. */
    private static final int SOME_PACKAGES = 10;

    @Test
    void shouldHaveNoCycleOfPackages() throws URISyntaxException {
        Map<String, Set<String>> known = dependencies();
        assertTrue(known.size() > SOME_PACKAGES, known::toString);
        Map<String, Set<String>> cycles = new TreeMap<>();
        for (String each : known.keySet()) {
            if (reachable(each, known).contains(each)) {
                cycles.put(each, known.get(each));
            }
        }
        assertEquals(Map.of(), cycles, "packages of cycles, and what they know");
    }

    /** The packages that each package knows. */
    private static Map<String, Set<String>> dependencies() throws URISyntaxException {
        Map<String, Set<String>> known = new TreeMap<>();
        jdeps().lines().map(DEPENDENCY::matcher).filter(Matcher::find).forEach(found -> {
            Set<String> others = known.computeIfAbsent(found.group(1), any -> new TreeSet<>());
            if (!found.group(1).equals(found.group(2))) {
                others.add(found.group(2));
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
