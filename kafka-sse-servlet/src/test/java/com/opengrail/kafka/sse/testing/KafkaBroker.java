package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A real single-node Kafka broker (KRaft) in a process of its own, on the loopback address. */
public final class KafkaBroker implements AutoCloseable {
    /** Settings of a broker that holds requests against access lists, and lets all pass where there are none. */
    public static final List<String> WITH_ACLS = List.of(
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found=true");

    private static final String CLASS_PATH_FILE = "kafka.broker.classpath.file";
    private static final String SHARED_FOLDER = "kafka.broker.folder";
    private static final String CLUSTER = "MkU3OEVBNTcwNTJENDM2Qg";
    private static final Duration START_LIMIT = Duration.ofSeconds(180);

    /** One that is killed instead would look through its logs at its next start, and mend what a test has broken there. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private static KafkaBroker shared;

    private final Path folder;
    private final int port;
    private final boolean sharedByTheRun;
    private final Setup setup;
    private ProcessHandle process;

    /** What is added to the usual configuration, or overrides it, and the most heap. */
    private record Setup(List<String> configuration, String heap) {
        static final Setup USUAL = new Setup(List.of(), "-Xmx1g");
    }

    private KafkaBroker(Path folder, int port, boolean sharedByTheRun, Setup setup, ProcessHandle process) {
        this.folder = folder;
        this.port = port;
        this.sharedByTheRun = sharedByTheRun;
        this.setup = setup;
        this.process = process;
    }

    /** A broker of one's own. What the folder holds from earlier is removed; port 0 takes a free one. */
    public static KafkaBroker start(Path folder, int port) {
        return start(folder, port, List.of());
    }

    /** The same with lines of configuration that are added to the usual ones. */
    public static KafkaBroker start(Path folder, int port, List<String> configuration) {
        return start(folder, port, new Setup(configuration, Setup.USUAL.heap()));
    }

    /** One of several nodes of a cluster, with lines of configuration that say so, in a small process. */
    static KafkaBroker startNode(Path folder, int port, List<String> configuration) {
        return start(folder, port, new Setup(configuration, "-Xmx256m"));
    }

    private static KafkaBroker start(Path folder, int port, Setup setup) {
        remove(folder);
        int listener = port == 0 ? JavaProcess.freePort() : port;
        ProcessHandle process = launch(folder, listener, setup, ProcessHandle.current());
        return new KafkaBroker(folder, listener, false, setup, process);
    }

    /**
     * The one broker of the whole Maven run: started by the first JVM that asks, found by the others through a file, ended
     * with the Maven process. It cannot be closed, killed or restarted: tests that do that start one of their own.
     */
    public static synchronized KafkaBroker shared() {
        if (shared == null) {
            ProcessHandle run = OwnerWatch.run();
            Path all = Path.of(System.getProperty(SHARED_FOLDER, "target/broker"));
            try {
                Files.createDirectories(all);
                try (FileChannel channel = FileChannel.open(
                                all.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock lock = channel.lock()) {
                    removeAllOfEndedRuns(all, lock);
                    shared = findOrLaunch(all.resolve("run-" + run.pid()), run);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot share a broker in " + all, e);
            }
        }
        return shared;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public Topics topics() {
        return new Topics(bootstrapServers());
    }

    /** SIGKILL: the broker is gone without a word, its data stays. */
    public void kill() {
        refuseIfShared();
        JavaProcess.kill(process);
    }

    /** Stops the broker in an orderly way, as before a maintenance; its data stays. */
    public void stop() {
        refuseIfShared();
        JavaProcess.stop(process, STOP_LIMIT);
    }

    /** Starts the broker on the same data and port, after an orderly stop if it still runs. */
    public void restart() {
        stop();
        process = launch(folder, port, setup, ProcessHandle.current());
    }

    @Override
    public void close() {
        if (!sharedByTheRun) {
            JavaProcess.kill(process);
            remove(folder);
        }
    }

    private void refuseIfShared() {
        if (sharedByTheRun) {
            throw new IllegalStateException("other tests use the shared broker: start one to stop it");
        }
    }

    private static KafkaBroker findOrLaunch(Path folder, ProcessHandle run) throws IOException {
        Path address = folder.resolve("port-and-pid");
        if (Files.exists(address)) {
            String[] portAndPid = Files.readString(address).trim().split(" ");
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(portAndPid[1]));
            int port = Integer.parseInt(portAndPid[0]);
            if (process.isPresent() && JavaProcess.listening(port)) {
                return new KafkaBroker(folder, port, true, Setup.USUAL, process.get());
            }
        }
        remove(folder);
        int port = JavaProcess.freePort();
        ProcessHandle process = launch(folder, port, Setup.USUAL, run);
        Files.writeString(address, port + " " + process.pid());
        return new KafkaBroker(folder, port, true, Setup.USUAL, process);
    }

    private static ProcessHandle launch(Path folder, int port, Setup setup, ProcessHandle owner) {
        try {
            Files.createDirectories(folder);
            Path configuration = folder.resolve("server.properties");
            Files.writeString(
                    configuration,
                    configuration(folder.toAbsolutePath(), port) + String.join("\n", setup.configuration()));
            JavaProcess.Command command = new JavaProcess.Command(
                    JavaProcess.classPath(BrokerMain.class, CLASS_PATH_FILE),
                    List.of(
                            setup.heap(),
                            "-XX:+UseSerialGC",
                            "-Dorg.slf4j.simpleLogger.showDateTime=true",
                            "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS"),
                    List.of(BrokerMain.class.getName(), configuration.toString(), CLUSTER),
                    Map.of());
            JavaProcess broker = JavaProcess.start(command, owner, folder.resolve("broker.log"));
            broker.awaitPort(port, START_LIMIT);
            return broker.handle();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare a broker in " + folder, e);
        }
    }

    private static String configuration(Path folder, int port) {
        int controller = JavaProcess.freePort();
        return String.join(
                "\n",
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controller,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                "controller.listener.names=CONTROLLER",
                "log.dirs=" + folder.resolve("data").toString().replace('\\', '/'),
                // a killed broker may register again only when its old session has ended
                "broker.session.timeout.ms=2000",
                "broker.heartbeat.interval.ms=500",
                "auto.create.topics.enable=false",
                "group.initial.rebalance.delay.ms=0",
                "offsets.topic.num.partitions=1",
                "offsets.topic.replication.factor=1",
                "transaction.state.log.num.partitions=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "share.coordinator.state.topic.num.partitions=1",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "");
    }

    private static void removeAllOfEndedRuns(Path all, FileLock lock) throws IOException {
        if (!lock.isValid()) {
            throw new IOException("lost the lock on " + all);
        }
        try (Stream<Path> folders = Files.list(all)) {
            folders.filter(KafkaBroker::isOfEndedRun).forEach(KafkaBroker::remove);
        }
    }

    private static boolean isOfEndedRun(Path folder) {
        String name = folder.getFileName().toString();
        return name.startsWith("run-")
                && ProcessHandle.of(Long.parseLong(name.substring("run-".length())))
                        .isEmpty();
    }

    private static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }
}
