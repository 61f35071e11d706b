package com.opengrail.kafka.sse.clients;

import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A servlet container with {@link StreamWithHealth} in a process of its own. */
final class ContainerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(180);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final int port = JavaProcess.freePort();
    private final WebServer.Kind kind;
    private final Path log;
    private final Map<String, String> settings;
    private ProcessHandle process;

    /** One that is started; its output goes to the end of the log. */
    ContainerProcess(WebServer.Kind kind, Path log, Map<String, String> settings) {
        this.kind = kind;
        this.log = log;
        this.settings = settings;
        start();
    }

    int port() {
        return port;
    }

    /** SIGTERM, upon which it stops in an orderly way. */
    void stop() {
        JavaProcess.stop(process, STOP_LIMIT);
    }

    /** SIGKILL. */
    void kill() {
        JavaProcess.kill(process);
    }

    /** On the same port as before. */
    void start() {
        List<String> arguments =
                new ArrayList<>(List.of(ContainerMain.class.getName(), kind.name(), Integer.toString(port)));
        settings.forEach((name, value) -> arguments.addAll(List.of(name, value)));
        JavaProcess.Command command = new JavaProcess.Command(
                System.getProperty("java.class.path"), List.of("-Xmx384m", "-XX:+UseSerialGC"), arguments, Map.of());
        JavaProcess started = JavaProcess.start(command, ProcessHandle.current(), log);
        started.awaitPort(port, START_LIMIT);
        process = started.handle();
    }

    @Override
    public void close() {
        kill();
    }

    @Override
    public String toString() {
        return kind + " at " + port;
    }
}
