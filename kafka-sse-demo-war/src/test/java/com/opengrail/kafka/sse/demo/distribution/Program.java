package com.opengrail.kafka.sse.demo.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Programs that are run for their answer. */
final class Program {
    private Program() {}

    /** The path of one of the JDK that this is. */
    static String ofJdk(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /** What one writes. Fails if it does. */
    static String run(List<String> line) {
        try {
            Process asked = new ProcessBuilder(line).redirectErrorStream(true).start();
            String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (asked.waitFor() != 0) {
                throw new IllegalStateException(line + ": " + answer);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + line, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + line + " was running", e);
        }
    }
}
