package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * A process in front of a server.
 *
 * <p>Threads: the caller's.
 */
final class FrontProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Front kind;
    private final ProcessHandle process;

    private FrontProcess(Front kind, ProcessHandle process) {
        this.kind = kind;
        this.process = process;
    }

    /** Starts it on a port, in front of a server that need not be there. */
    static FrontProcess start(Front kind, Path folder, int port, int server) {
        try {
            Path files = Files.createDirectories(folder.resolve("front"));
            String text = kind.configuration(port, server).replace("FOLDER", files.toString());
            Path configuration = Files.writeString(files.resolve(kind + ".conf"), text);
            Process started = new ProcessBuilder(kind.command(configuration))
                    .redirectErrorStream(true)
                    .redirectOutput(files.resolve(kind + ".log").toFile())
                    .start();
            awaitPort(kind, port, started);
            return new FrontProcess(kind, started.toHandle());
        } catch (IOException e) {
            throw new IllegalStateException("Cannot start " + kind, e);
        }
    }

    private static void awaitPort(Front kind, int port, Process started) {
        try {
            Await.until(kind + " listens", LIMIT, () -> JavaProcess.listening(port), () -> "nothing");
        } catch (AssertionError e) {
            JavaProcess.stop(started.toHandle(), LIMIT);
            throw e;
        }
    }

    /** Processor time of all its processes since their start, as far as it is part of what serving costs. */
    Duration countedCpu() {
        if (!kind.isCounted()) {
            return Duration.ZERO;
        }
        return Stream.concat(Stream.of(process), process.descendants())
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void close() {
        JavaProcess.stop(process, LIMIT);
    }
}
