package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.Certificates;
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
    private static final Duration START_LIMIT = Duration.ofSeconds(180);

    private final int port;
    private final int probePort;
    private final JavaProcess process;

    /** {@code null} if the clients connect to the server. */
    private final FrontProcess front;

    private boolean killed;

    private ServerProcess(int port, int probePort, JavaProcess process, FrontProcess front) {
        this.port = port;
        this.probePort = probePort;
        this.process = process;
        this.front = front;
    }

    /** Starts a server, and what stands before it, for clients that connect to a port. */
    static ServerProcess start(Stage stage, int port) {
        Front kind = stage.options().front();
        if (kind == Front.NONE) {
            return start(stage, port, List.of());
        }
        int behind = JavaProcess.freePort();
        FrontProcess front = FrontProcess.start(kind, stage.options().folder(), port, behind);
        try {
            ServerProcess server = start(stage, behind, kind.isTls() ? List.of(keyStore(stage)) : List.of());
            return new ServerProcess(port, server.probePort, server.process, front);
        } catch (AssertionError | RuntimeException e) {
            front.close();
            throw e;
        }
    }

    private static String keyStore(Stage stage) {
        try {
            Path folder = Files.createTempDirectory(stage.options().folder(), "certificates");
            return Certificates.in(folder).issue("server", "server").toString();
        } catch (IOException e) {
            throw new UncheckedIOException("No certificate for the server", e);
        }
    }

    private static ServerProcess start(Stage stage, int port, List<String> moreArguments) {
        int probePort = JavaProcess.freePort();
        List<String> options = new ArrayList<>(List.of("-Xmx" + stage.heapMegabytes() + "m"));
        options.addAll(stage.options().serverOptions());
        List<String> line = new ArrayList<>(List.of(
                ServerMain.class.getName(),
                stage.target().name(),
                Integer.toString(port),
                Integer.toString(probePort),
                stage.brokers(),
                stage.topic()));
        line.addAll(moreArguments);
        JavaProcess.Command command =
                new JavaProcess.Command(System.getProperty("java.class.path"), options, line, Map.of());
        Path log = stage.options().folder().resolve("server-" + stage.target() + ".log");
        JavaProcess server = JavaProcess.start(command, ProcessHandle.current(), log);
        server.awaitPort(port, START_LIMIT);
        return new ServerProcess(port, probePort, server, null);
    }

    int port() {
        return port;
    }

    /** Processor time of all its threads since its start, and of what stands before it if that counts. */
    Duration cpu() {
        Duration own = process.handle().info().totalCpuDuration().orElseThrow();
        return front == null ? own : own.plus(front.countedCpu());
    }

    /** Memory that is not paged out, the heap's unused part included; 0 where the system does not tell. */
    long residentBytes() {
        Path status = Path.of("/proc/" + process.handle().pid() + "/status");
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

    /** Fails if it has ended by itself: nothing that was measured counts then. */
    @Override
    public void close() {
        boolean endedByItself = !killed && !process.handle().isAlive();
        JavaProcess.stop(process.handle(), Duration.ofSeconds(20));
        if (front != null) {
            front.close();
        }
        if (endedByItself) {
            throw new IllegalStateException("the server ended by itself" + process.tail());
        }
    }

    /** SIGKILL. */
    void kill() {
        killed = true;
        JavaProcess.kill(process.handle());
    }
}
