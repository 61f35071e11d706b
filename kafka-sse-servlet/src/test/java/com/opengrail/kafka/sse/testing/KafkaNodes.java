package com.opengrail.kafka.sse.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A real Kafka cluster of three nodes, each broker and controller (KRaft) in a process of its own. */
public final class KafkaNodes implements AutoCloseable {
    private static final int NODES = 3;

    private final List<KafkaBroker> nodes;

    /** The ports of a listener and of the proxy in front of it. */
    public record Proxied(int port, int announced) {}

    private KafkaNodes(List<KafkaBroker> nodes) {
        this.nodes = nodes;
    }

    /** Starts all of them; what the folder holds from earlier is removed. */
    public static KafkaNodes start(Path folder) {
        return start(folder, Map.of());
    }

    /**
     * Starts nodes with another listener, for clients that reach some of them by way of a proxy.
     *
     * @param proxied for some nodes by their ids, from 1: where that listener is, and where clients are told that it is
     */
    public static KafkaNodes start(Path folder, Map<Integer, Proxied> proxied) {
        int[] controllers =
                IntStream.range(0, NODES).map(i -> JavaProcess.freePort()).toArray();
        String voters = IntStream.range(0, NODES)
                .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllers[i])
                .collect(Collectors.joining(","));
        // None of them is up before most of them are.
        List<CompletableFuture<KafkaBroker>> starting = IntStream.range(0, NODES)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> {
                            int port = JavaProcess.freePort();
                            List<String> usual = configuration(i + 1, port, controllers[i], voters);
                            List<String> all = proxied.isEmpty()
                                    ? usual
                                    : withListener(usual, port, controllers[i], proxied.get(i + 1));
                            return KafkaBroker.startNode(folder.resolve("node-" + (i + 1)), port, all);
                        },
                        task -> new Thread(task, "kafka-node-start").start()))
                .toList();
        return new KafkaNodes(starting.stream().map(CompletableFuture::join).toList());
    }

    private static List<String> configuration(int id, int port, int controller, String voters) {
        return List.of(
                "node.id=" + id,
                "controller.quorum.voters=" + voters,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                // long enough for a busy machine, short enough for a test that waits for another leader
                "broker.session.timeout.ms=5000");
    }

    /** Clients that come by the other listener are told of nodes that have one. */
    private static List<String> withListener(List<String> configuration, int port, int controller, Proxied proxied) {
        int own = proxied == null ? JavaProcess.freePort() : proxied.port();
        int announced = proxied == null ? own : proxied.announced();
        List<String> all = new ArrayList<>(configuration);
        all.add("listeners=PLAINTEXT://127.0.0.1:" + port + ",FAR://127.0.0.1:" + own + ",CONTROLLER://127.0.0.1:"
                + controller);
        all.add("advertised.listeners=PLAINTEXT://127.0.0.1:" + port + ",FAR://127.0.0.1:" + announced);
        all.add("listener.security.protocol.map=PLAINTEXT:PLAINTEXT,FAR:PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.add("inter.broker.listener.name=PLAINTEXT");
        return all;
    }

    public String bootstrapServers() {
        return nodes.stream().map(KafkaBroker::bootstrapServers).collect(Collectors.joining(","));
    }

    public Topics topics() {
        return new Topics(bootstrapServers());
    }

    /** A node by its id, from 1. */
    public KafkaBroker node(int id) {
        return nodes.get(id - 1);
    }

    /** Kills all of them at the same time. */
    public void killAll() {
        onAll(KafkaBroker::kill);
    }

    /** Starts all that were killed. */
    public void restartAll() {
        onAll(KafkaBroker::restart);
    }

    /** None of them is up before most of them are. */
    private void onAll(Consumer<KafkaBroker> task) {
        List<CompletableFuture<Void>> running = nodes.stream()
                .map(node -> CompletableFuture.runAsync(
                        () -> task.accept(node), run -> new Thread(run, "kafka-node").start()))
                .toList();
        running.forEach(CompletableFuture::join);
    }

    @Override
    public void close() {
        nodes.forEach(KafkaBroker::close);
    }
}
