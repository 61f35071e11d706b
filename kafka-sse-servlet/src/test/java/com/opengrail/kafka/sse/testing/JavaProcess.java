package com.opengrail.kafka.sse.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A JVM of our own started by a test or by the demo: never outlives its owner, writes its output to a file. */
public final class JavaProcess {
    private static final int TAIL_LINES = 30;
    private static final int FIRST_PORT = 12_000;
    private static final int LAST_PORT = 32_000;
    private static final int MOST_PORTS_TRIED = 100;

    /** Those that were given or tried. */
    private static final Set<Integer> TRIED_PORTS = ConcurrentHashMap.newKeySet();

    private final Process process;
    private final Path log;

    private JavaProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** What to run. {@code options} are the JVM's, {@code environment} is added to the one of this process. */
    public record Command(
            String classPath, List<String> options, List<String> mainAndArguments, Map<String, String> environment) {}

    public static JavaProcess start(Command command, ProcessHandle owner, Path log) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-D" + OwnerWatch.OWNER + "=" + owner.pid());
        line.addAll(command.options());
        line.add("-cp");
        line.add(command.classPath());
        line.addAll(command.mainAndArguments());
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(command.environment());
        try {
            return new JavaProcess(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + line.get(0), e);
        }
    }

    /** The class path of a child: what one class was loaded from, and what the build wrote to a file for it. */
    public static String classPath(Class<?> main, String propertyWithFile) {
        String file = System.getProperty(propertyWithFile);
        if (file == null) {
            throw new IllegalStateException(
                    "system property " + propertyWithFile + " is not set: the Maven build sets it");
        }
        try {
            Path own = Path.of(
                    main.getProtectionDomain().getCodeSource().getLocation().toURI());
            return own + File.pathSeparator + Files.readString(Path.of(file)).trim();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("no class path for " + main, e);
        }
    }

    /**
     * Another port at each call. Nobody listens on it at this moment, and no outgoing connection is given it while its server
     * is away: it is below the range that Linux takes such ports from by default.
     *
     * <p>It connects and does not listen to find out. Processes that start at that moment would inherit a listener, and hold
     * the port for some milliseconds more.
     */
    public static int freePort() {
        for (int tried = 0; tried < MOST_PORTS_TRIED; tried++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            if (TRIED_PORTS.add(port) && !listening(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port in " + MOST_PORTS_TRIED + " tries");
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Waits until something listens on the port; fails with the end of the log when the process ends or the time is up. */
    public void awaitPort(int port, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!listening(port)) {
            if (exited(Duration.ofMillis(50))) {
                throw new IllegalStateException("process ended with status " + process.exitValue() + tail());
            }
            if (System.nanoTime() - deadline > 0) {
                kill(handle());
                throw new IllegalStateException(
                        "nothing on port " + port + " after " + limit.toSeconds() + " s" + tail());
            }
        }
    }

    public static boolean listening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** SIGKILL. */
    public static void kill(ProcessHandle process) {
        process.destroyForcibly();
        await(process, Duration.ofSeconds(60));
    }

    /** SIGTERM, and SIGKILL for one that takes longer than the limit. */
    public static void stop(ProcessHandle process, Duration limit) {
        process.destroy();
        if (!await(process, limit)) {
            kill(process);
        }
    }

    private static boolean await(ProcessHandle process, Duration limit) {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for process " + process.pid(), e);
        }
    }

    private boolean exited(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a process started", e);
        }
    }

    /** The end of what it has written, to be added to a message. */
    public String tail() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            List<String> tail = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
            return "; the end of " + log + ":\n" + String.join("\n", tail);
        } catch (IOException e) {
            return "; its log cannot be read: " + e;
        }
    }
}
