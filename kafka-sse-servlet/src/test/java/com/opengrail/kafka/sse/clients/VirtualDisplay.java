package com.opengrail.kafka.sse.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.JavaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.time.Duration;

/** A screen that nobody sees, for a program that needs one. */
final class VirtualDisplay implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Process server;
    private final String name;

    private VirtualDisplay(Process server, String name) {
        this.server = server;
        this.name = name;
    }

    /** Starts one under a number that is free, which the server finds and tells. */
    static VirtualDisplay start() throws IOException {
        Process server = new ProcessBuilder(
                        System.getProperty("xvfb.binary", "/usr/bin/Xvfb"), "-displayfd", "1", "-nolisten", "tcp")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader output = new BufferedReader(new InputStreamReader(server.getInputStream(), US_ASCII));
        try {
            Await.until("a display", LIMIT, () -> hasLine(output), () -> "none");
            return new VirtualDisplay(server, ":" + output.readLine().strip());
        } catch (AssertionError | IOException e) {
            JavaProcess.stop(server.toHandle(), LIMIT);
            throw e;
        }
    }

    private static boolean hasLine(BufferedReader output) {
        try {
            return output.ready();
        } catch (IOException e) {
            throw new UncheckedIOException("No display", e);
        }
    }

    /** For the variable {@code DISPLAY}. */
    String name() {
        return name;
    }

    @Override
    public void close() {
        JavaProcess.stop(server.toHandle(), LIMIT);
    }
}
