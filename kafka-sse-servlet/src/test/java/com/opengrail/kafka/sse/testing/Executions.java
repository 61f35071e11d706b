package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Counts how often a fuzz test is run, and writes it to the folder {@code executions} when the JVM ends. */
public final class Executions {
    private final AtomicLong count = new AtomicLong();

    private Executions(Class<?> test) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> write(test.getSimpleName()), "executions"));
    }

    public static Executions of(Class<?> test) {
        return new Executions(test);
    }

    public void add() {
        count.incrementAndGet();
    }

    private void write(String test) {
        try {
            Path folder = Files.createDirectories(Path.of("executions"));
            Files.writeString(folder.resolve(test + ".txt"), test + ": " + count + " executions\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the executions of " + test, e);
        }
    }
}
