package com.opengrail.kafka.sse.demo.run;

import com.opengrail.kafka.sse.testing.KafkaBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The run command: a broker unless there is one, Jetty with the demo WAR, until interrupted. */
public final class Demo {
    private static final String BROKERS = "SSE_PROXY_KAFKA_BROKER_URL";
    private static final String TOPIC = "SSE_PROXY_TOPIC";
    private static final String RATE = "SSE_DEMO_PRODUCER_RATE";

    private Demo() {}

    /** Runs in the Maven process. Arguments: the port, the WAR, a folder for data and logs. */
    public static void main(String[] args) {
        try {
            run(port(args[0]), Path.of(args[1]), Path.of(args[2]));
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println(System.lineSeparator() + e.getMessage() + System.lineSeparator());
            throw new IllegalStateException("The demo has ended, the reason stands above.", e);
        }
    }

    private static void run(int port, Path war, Path folder) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.values().removeIf(String::isBlank);
        if (!environment.containsKey(BROKERS)) {
            KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0);
            atEnd(broker::close);
            environment.put(BROKERS, broker.bootstrapServers());
            // somebody else's brokers are written to only when asked for
            environment.putIfAbsent(RATE, "5");
        }
        environment.putIfAbsent(TOPIC, "demo");
        environment.putIfAbsent(RATE, "0");

        WebServer server = WebServer.start(war, port, environment, folder);
        AtomicBoolean stopping = new AtomicBoolean();
        atEnd(() -> {
            stopping.set(true);
            server.close();
        });
        System.out.println(whatToTry(server.url(), environment));
        server.process().onExit().join();
        if (!stopping.get()) {
            throw new IllegalStateException("Jetty has ended; its log is " + folder.resolve("jetty.log"));
        }
    }

    private static void atEnd(Runnable task) {
        Runtime.getRuntime().addShutdownHook(new Thread(task));
    }

    private static String whatToTry(String url, Map<String, String> environment) {
        String stream = url + "kafka-sse";
        return String.join(
                System.lineSeparator(),
                "",
                "  Page     " + url,
                "  Stream   curl -N " + stream,
                "  Filter   curl -N '" + stream + "?event=customer,product-.*'",
                "  Resume   curl -N -H 'Last-Event-ID: 10' " + stream,
                "",
                "  Topic " + environment.get(TOPIC) + " at " + environment.get(BROKERS) + ", " + environment.get(RATE)
                        + " events per second are written to it (" + RATE + ").",
                "  Ctrl-C stops everything.",
                "");
    }

    private static int port(String text) {
        int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("demo.port is \"" + text + "\"; allowed is a number from 1 to 65535");
        }
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Port " + port + " is taken (" + e.getMessage() + "): choose another with -Ddemo.port=NUMBER", e);
        }
    }
}
