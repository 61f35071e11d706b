package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A server in a process of its own, as seen from outside.
 *
 * <p>Threads: the caller's.
 */
final class ServerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final int port;
    private final int probePort;
    private final ProcessHandle process;

    private ServerProcess(int port, int probePort, ProcessHandle process) {
        this.port = port;
        this.probePort = probePort;
        this.process = process;
    }

    static ServerProcess start(Stage stage, int port) {
        int probePort = JavaProcess.freePort();
        List<String> options = new ArrayList<>(List.of("-Xmx" + stage.heapMegabytes() + "m"));
        options.addAll(stage.options().serverOptions());
        JavaProcess.Command command = new JavaProcess.Command(
                System.getProperty("java.class.path"),
                options,
                List.of(
                        ServerMain.class.getName(),
                        stage.target().name(),
                        Integer.toString(port),
                        Integer.toString(probePort),
                        stage.brokers(),
                        stage.topic()),
                Map.of());
        Path log = stage.options().folder().resolve("server-" + stage.target() + ".log");
        JavaProcess server = JavaProcess.start(command, ProcessHandle.current(), log);
        server.awaitPort(port, START_LIMIT);
        return new ServerProcess(port, probePort, server.handle());
    }

    int port() {
        return port;
    }

    /** Processor time of all its threads since its start. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Memory that is not paged out, the heap's unused part included; 0 where the system does not tell. */
    long residentBytes() {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + status, e);
        }
    }

    /** What it holds, after a collection. */
    Map<String, Long> held() {
        return Probe.ask(probePort);
    }

    @Override
    public void close() {
        JavaProcess.stop(process, Duration.ofSeconds(20));
    }

    /** SIGKILL. */
    void kill() {
        JavaProcess.kill(process);
    }
}
