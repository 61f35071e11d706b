package com.opengrail.kafka.sse.demo.run;

import com.opengrail.kafka.sse.testing.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The demo WAR in a Jetty that has a process of its own, so that it can have an environment and be stopped at will. */
public final class WebServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(180);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final int port;
    private final ProcessHandle process;

    private WebServer(int port, ProcessHandle process) {
        this.port = port;
        this.process = process;
    }

    /** Returns when the application is deployed. The folder takes the log. */
    public static WebServer start(Path war, int port, Map<String, String> environment, Path folder) {
        JavaProcess.Command command = new JavaProcess.Command(
                JavaProcess.classPath(JettyMain.class, "demo.jetty.classpath.file"),
                List.of(
                        "-Xmx512m",
                        "-Djava.io.tmpdir=" + folder.toAbsolutePath(),
                        "-Djava.util.logging.SimpleFormatter.format=%1$tT.%1$tL %4$-7s %3$s: %5$s%6$s%n"),
                List.of(JettyMain.class.getName(), Integer.toString(port), war.toString()),
                environment);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
        JavaProcess jetty = JavaProcess.start(command, ProcessHandle.current(), folder.resolve("jetty.log"));
        jetty.awaitPort(port, START_LIMIT);
        return new WebServer(port, jetty.handle());
    }

    /** Ends with a slash. */
    public String url() {
        return "http://localhost:" + port + "/";
    }

    ProcessHandle process() {
        return process;
    }

    /** Stops it as an operator does. */
    @Override
    public void close() {
        JavaProcess.stop(process, STOP_LIMIT);
    }
}
