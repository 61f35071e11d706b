package com.opengrail.kafka.sse.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts how often a fuzz test is run, and writes the number to the folder {@code executions} when the JVM ends. It also
 * bounds the time of one input: it keeps the input, prints the stack and halts the JVM,
 * which fails the build.
 *
 * <p>Threads: {@link #add} by the thread that fuzzes; a daemon watches it.
 */
public final class Executions {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int TOO_SLOW = 70;

    private final Class<?> test;
    private final AtomicLong count = new AtomicLong();
    private volatile byte[] input;
    private volatile Thread fuzzing;

    private Executions(Class<?> test) {
        this.test = test;
        Runtime.getRuntime().addShutdownHook(new Thread(this::write, "executions"));
        Thread watch = new Thread(this::watch, "executions-watch");
        watch.setDaemon(true);
        watch.start();
    }

    public static Executions of(Class<?> test) {
        return new Executions(test);
    }

    /** This input is about to be tried. */
    public void add(byte[] tried) {
        input = tried;
        fuzzing = Thread.currentThread();
        count.incrementAndGet();
    }

    private void watch() {
        long seen = -1;
        long since = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(LOOK_NANOS);
            long now = count.get();
            if (now != seen || !isInTest()) {
                seen = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > LIMIT_NANOS) {
                halt();
            }
        }
    }

    /** Between two inputs the thread may be busy with something else for long. */
    private boolean isInTest() {
        Thread thread = fuzzing;
        return thread != null
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(test.getName()));
    }

    private void halt() {
        StringBuilder text = new StringBuilder("One input of ")
                .append(test.getSimpleName())
                .append(" has taken more than ")
                .append(TimeUnit.NANOSECONDS.toSeconds(LIMIT_NANOS))
                .append(" s:\n");
        for (StackTraceElement frame : fuzzing.getStackTrace()) {
            text.append("    at ").append(frame).append('\n');
        }
        System.err.println(text);
        write();
        write(".input", input);
        Runtime.getRuntime().halt(TOO_SLOW);
    }

    private void write() {
        String text = test.getSimpleName() + ": " + count + " executions\n";
        write(".txt", text.getBytes(UTF_8));
    }

    private void write(String suffix, byte[] bytes) {
        try {
            Path folder = Files.createDirectories(Path.of("executions"));
            Files.write(folder.resolve(test.getSimpleName() + suffix), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the executions of " + test, e);
        }
    }
}
