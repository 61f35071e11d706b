package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each jar that an application gets with the library needs a reason in docs/rationale.md. */
class RuntimeDependenciesTest {

    private static final Pattern RESOLVED = Pattern.compile("([\\w.-]+):([\\w.-]+):jar:\\S+:(?:compile|runtime)\\b");

    private static final Set<String> ALLOWED = Set.of(
            "org.apache.kafka:kafka-clients",
            "org.slf4j:slf4j-api",
            "com.google.re2j:re2j",
            // What kafka-clients brings.
            "com.github.luben:zstd-jni",
            "at.yawk.lz4:lz4-java",
            "org.xerial.snappy:snappy-java");

    @Test
    void shouldBringNothingButTheAllowedLibraries() throws IOException {
        Set<String> resolved = new TreeSet<>();
        try (InputStream list = getClass().getResourceAsStream("/runtime-dependencies.txt")) {
            assertNotNull(list, "the build has not written the list");
            Matcher matcher = RESOLVED.matcher(new String(list.readAllBytes(), StandardCharsets.UTF_8));
            while (matcher.find()) {
                resolved.add(matcher.group(1) + ":" + matcher.group(2));
            }
        }
        assertEquals(new TreeSet<>(ALLOWED), resolved);
    }
}
