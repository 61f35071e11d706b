package com.opengrail.kafka.sse.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.opengrail.kafka.sse.testing.Footprint;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;

/**
 * Tells whoever connects what the server's process holds: the live heap after a collection, its threads, its connections
 * to the brokers, and how often it has asked these for offsets and descriptions.
 *
 * <p>Threads: its own.
 */
final class Probe extends Thread {
    private static final int COLLECTIONS = 2;

    private final ServerSocket listener;

    Probe(int port) throws IOException {
        super("bench-probe");
        setDaemon(true);
        listener = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    /** Asks the probe of another process. */
    static Map<String, Long> ask(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            Map<String, Long> figures = new TreeMap<>();
            for (String figure : answer.trim().split(" ")) {
                String[] nameAndValue = figure.split("=");
                figures.put(nameAndValue[0], Long.valueOf(nameAndValue[1]));
            }
            return figures;
        } catch (IOException e) {
            throw new IllegalStateException("the server does not tell what it holds", e);
        }
    }

    @Override
    public void run() {
        while (true) {
            try (Socket socket = listener.accept()) {
                socket.getOutputStream().write(answer().getBytes(US_ASCII));
            } catch (IOException | JMException e) {
                throw new IllegalStateException("the probe has failed", e);
            }
        }
    }

    private static String answer() throws JMException {
        // What a first collection leaves to cleaners and reference queues the second one takes.
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return "heapBytes="
                + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + " threads="
                + ManagementFactory.getThreadMXBean().getThreadCount() + " brokerConnections="
                + Footprint.brokerConnections() + " lookUps=" + Footprint.lookUps();
    }
}
