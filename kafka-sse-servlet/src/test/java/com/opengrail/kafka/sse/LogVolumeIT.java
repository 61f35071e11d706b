package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beside;
import com.opengrail.kafka.sse.testing.Certificates;
import com.opengrail.kafka.sse.testing.Footprint;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.KafkaNodes;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Whatever the brokers do, the log stays readable and the processor idle; Kafka's own lines count. Each fault lasts a
 * minute, so all happen at the same time, each with brokers and an engine of its own.
 */
class LogVolumeIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration FAULT = Duration.ofSeconds(Integer.getInteger("fault.seconds", 60));
    private static final String TOPIC = "followed";
    private static final int PARTITIONS = 30;
    private static final int POSITIONS = 10;
    private static final String USER = "streams";
    private static final String SCRAM_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule required";
    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";
    private static final int MOST_LINES_A_MINUTE = 20;
    private static final double MOST_PROCESSOR = 0.02;

    private static final Logger ROOT = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private static final Logger KAFKA = (Logger) LoggerFactory.getLogger("org.apache.kafka");
    private static final Logger OURS = (Logger) LoggerFactory.getLogger("com.opengrail");
    private static final Lines LINES = new Lines();

    private static final CountDownLatch TO_BE_DELETED = new CountDownLatch(1);
    private static final CountDownLatch TO_BE_SET_UP = new CountDownLatch(8);
    private static Beside deleted;
    private static Beside away;
    private static Beside refused;
    private static Beside loggedOut;
    private static Beside loggedOutByFile;
    private static Beside untrusted;
    private static Beside late;
    private static Beside tokenless;
    private static Beside unread;

    private record Line(long millis, String text) {}

    /** What is logged, with the thread that logs it. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final Queue<Line> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent line) {
            String text = line.getThreadName() + " " + line.getLoggerName() + " " + line.getLevel() + " "
                    + line.getFormattedMessage();
            lines.add(new Line(line.getTimeStamp(), line.getInstant() + " " + text));
        }
    }

    /** As many lines as any minute has. */
    private static List<String> worstMinute(List<Line> lines) {
        List<String> worst = List.of();
        int first = 0;
        for (int i = 0; i < lines.size(); i++) {
            while (lines.get(i).millis() - lines.get(first).millis() >= TimeUnit.MINUTES.toMillis(1)) {
                first++;
            }
            if (i - first >= worst.size()) {
                worst = lines.subList(first, i + 1).stream().map(Line::text).toList();
            }
        }
        return worst;
    }

    /** An engine of its own, named in its threads and in its Kafka clients. */
    private record Engine(String name, WebServer server) implements AutoCloseable {

        static Engine start(String name, String bootstrapServers, Map<String, String> more) throws Exception {
            Map<String, String> settings = new HashMap<>(more);
            settings.put("kafka-broker-url", bootstrapServers);
            settings.put("allowed-topics", ".*");
            WebServer.OneServlet application = new WebServer.OneServlet(name, new KafkaSseServlet(), settings, true);
            return new Engine(name, WebServer.Kind.JETTY.deploy(application));
        }

        private boolean isMine(String threadOrLine) {
            return threadOrLine.contains("kafka-sse-" + name + "-");
        }

        SseClient follow(String query) throws Exception {
            SseClient client = open(TOPIC + query);
            client.awaitText("stream-position", LIMIT);
            return client;
        }

        SseClient open(String topicAndQuery) throws IOException {
            return SseClient.to(server.uri("/kafka-sse/" + topicAndQuery)).open();
        }

        List<Line> lines() {
            return LINES.lines.stream().filter(line -> isMine(line.text())).toList();
        }

        /** The time that its threads and those of its Kafka clients have had so far. */
        long processorNanos() {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long nanos = 0;
            for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
                if (thread != null && isMine(thread.getThreadName())) {
                    nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
                }
            }
            return nanos;
        }

        /** Begins a fault and waits while it lasts. */
        void assertQuietDuring(Beside.Step fault) throws Exception {
            int before = lines().size();
            long processorBefore = processorNanos();
            fault.run();
            long start = System.nanoTime();
            Await.until(
                    "the end of the fault",
                    FAULT.plus(LIMIT),
                    () -> System.nanoTime() - start > FAULT.toNanos(),
                    () -> "still waiting");
            List<Line> all = lines();
            List<String> worst = worstMinute(all.subList(before, all.size()));
            long processorAfter = processorNanos();
            assertTrue(!all.isEmpty() && processorAfter > 0, "nothing of this engine is counted");
            double processor = (processorAfter - processorBefore) / (double) (System.nanoTime() - start);
            LoggerFactory.getLogger(LogVolumeIT.class)
                    .warn(
                            "{}: {} lines, at most {} in a minute, {} % of a processor",
                            name, all.size() - before, worst.size(), Math.round(processor * 1000) / 10.0);
            assertTrue(
                    worst.size() <= MOST_LINES_A_MINUTE,
                    () -> worst.size() + " lines in a minute:\n" + String.join("\n", worst));
            assertTrue(processor <= MOST_PROCESSOR, () -> processor + " of a processor");
        }

        void assertQuietBesideOthers(Beside.Step fault) throws Exception {
            assertQuietDuring(() -> {
                awaitAllBrokers();
                fault.run();
            });
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** Those that start take the processors. One that is restarted meanwhile would be away for long. */
    private static void awaitAllBrokers() throws InterruptedException {
        TO_BE_SET_UP.countDown();
        await(TO_BE_SET_UP);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        long millis = LIMIT.multipliedBy(2).toMillis();
        assertTrue(latch.await(millis, TimeUnit.MILLISECONDS), "another fault has not begun");
    }

    @BeforeAll
    static void begin(@TempDir Path folder) throws Exception {
        Await.until(
                "the threads of tests before", LIMIT, () -> Footprint.threads().isEmpty(), Footprint::threads);
        KAFKA.setLevel(Level.INFO);
        OURS.setLevel(Level.INFO);
        LINES.start();
        ROOT.addAppender(LINES);
        deleted = Beside.start("deleted", () -> deleteATopic(folder.resolve("deleted")));
        await(TO_BE_DELETED);
        away = Beside.start("away", () -> killAllBrokers(folder.resolve("away")));
        refused = Beside.start("refused", () -> refuseToRead(folder.resolve("refused")));
        loggedOut = Beside.start("log-in", () -> refuseTheLogIn(folder.resolve("log-in"), "log-in", false));
        loggedOutByFile = Beside.start("by-file", () -> refuseTheLogIn(folder.resolve("by-file"), "by-file", true));
        untrusted = Beside.start("untrusted", () -> trustAnotherAuthority(folder.resolve("untrusted")));
        late = Beside.start("late", () -> refuseTheLogInOfANewFeed(folder.resolve("late")));
        tokenless = Beside.start("tokenless", LogVolumeIT::leaveTheTokenServerAway);
        unread = Beside.start("unread", () -> refuseTheLogInOfReplays(folder.resolve("unread")));
    }

    @AfterAll
    static void end() throws Exception {
        try {
            for (Beside fault :
                    List.of(deleted, away, refused, loggedOut, loggedOutByFile, untrusted, late, tokenless, unread)) {
                Await.until("the end of all faults", FAULT.plus(LIMIT), fault::isDone, fault::toString);
            }
        } finally {
            ROOT.detachAppender(LINES);
            System.clearProperty(ALLOWED_URLS);
            KAFKA.setLevel(null);
            OURS.setLevel(null);
        }
    }

    private static void assertDone(Beside fault) throws Exception {
        fault.assertDone(FAULT.plus(LIMIT.multipliedBy(3)));
    }

    @Test
    void shouldBeQuietAboutATopicThatIsDeletedAndFollowItAgain() throws Exception {
        assertDone(deleted);
    }

    /** The others begin later: a broker that is busy may answer a fetch when all partitions are gone, with a line for each. */
    private static void deleteATopic(Path folder) throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder, 0);
                Admin admin = broker.topics().admin()) {
            assertQuietUntilMended(
                    "deleted",
                    broker,
                    () -> {
                        await(admin.deleteTopics(List.of(TOPIC)).all());
                        TO_BE_DELETED.countDown();
                    },
                    () -> broker.topics().createNamed(TOPIC, PARTITIONS));
        }
    }

    private static void await(KafkaFuture<?> done) throws Exception {
        done.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void assertQuietUntilMended(String name, KafkaBroker broker, Beside.Step fault, Beside.Step mend)
            throws Exception {
        broker.topics().createNamed(TOPIC, PARTITIONS);
        try (Engine engine = Engine.start(name, broker.bootstrapServers(), Map.of());
                SseClient client = engine.follow("");
                SseClient replaying = engine.follow("?offset=earliest")) {
            produce(broker.topics(), "before", client, replaying);
            engine.assertQuietDuring(fault);
            mend.run();
            produce(broker.topics(), "after", client, replaying);
        }
    }

    @Test
    void shouldBeQuietAboutBrokersThatAreAwayAndFollowAgain() throws Exception {
        assertDone(away);
    }

    private static void killAllBrokers(Path folder) throws Exception {
        try (KafkaNodes nodes = KafkaNodes.start(folder)) {
            nodes.topics().createNamed(TOPIC, PARTITIONS);
            try (Engine engine = Engine.start("away", nodes.node(1).bootstrapServers(), Map.of());
                    SseClient client = engine.follow("")) {
                produce(nodes.topics(), "before", client);
                engine.assertQuietBesideOthers(nodes::killAll);
                nodes.restartAll();
                produce(nodes.topics(), "after", client);
            }
        }
    }

    @Test
    void shouldBeQuietAboutATopicThatMayNotBeReadAndFollowItAgain() throws Exception {
        assertDone(refused);
    }

    /** It may still be described, so that only fetches are refused. */
    private static void refuseToRead(Path folder) throws Exception {
        AclBinding describing = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, TOPIC, PatternType.LITERAL),
                new AccessControlEntry("User:*", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW));
        try (KafkaBroker broker = KafkaBroker.start(folder, 0, KafkaBroker.WITH_ACLS);
                Admin admin = broker.topics().admin()) {
            assertQuietUntilMended(
                    "refused",
                    broker,
                    () -> {
                        awaitAllBrokers();
                        await(admin.createAcls(List.of(describing)).all());
                    },
                    () -> await(admin.deleteAcls(List.of(describing.toFilter())).all()));
        }
    }

    @Test
    void shouldBeQuietAboutALogInThatIsRefusedAndFollowAgain() throws Exception {
        assertDone(loggedOut);
    }

    @Test
    void shouldBeQuietAboutAFileWithAPasswordThatIsRefusedAndReadItAgain() throws Exception {
        assertDone(loggedOutByFile);
    }

    /** The password is another one when the broker comes back from a restart. */
    private static void refuseTheLogIn(Path folder, String name, boolean isInFile) throws Exception {
        int secured = JavaProcess.freePort();
        try (KafkaBroker broker = startWithLogIn(folder, secured)) {
            broker.topics().createNamed(TOPIC, PARTITIONS);
            setPassword(broker, "right");
            awaitPassword(broker);
            Path file = folder.resolve("log-in.properties");
            Map<String, String> settings = isInFile ? logInFrom(file, "right") : logIn(SCRAM_MODULE + logInAs("right"));
            try (Engine engine = Engine.start(name, severalNamesOf(secured), settings);
                    SseClient client = engine.follow("");
                    SseClient replaying = engine.follow("?offset=earliest")) {
                produce(broker.topics(), "before", client, replaying);
                engine.assertQuietBesideOthers(() -> {
                    setPassword(broker, "another");
                    broker.restart();
                });
                if (isInFile) {
                    logInFrom(file, "another");
                } else {
                    setPassword(broker, "right");
                }
                produce(broker.topics(), "after", client, replaying);
            }
        }
    }

    @Test
    void shouldBeQuietAboutACertificateThatIsNotTrustedAndReadTheTrustStoreAgain() throws Exception {
        assertDone(untrusted);
    }

    /** For clients of Kafka they are several brokers. */
    private static String severalNamesOf(int port) {
        return "127.0.0.1:" + port + ",localhost:" + port + ",LOCALHOST:" + port;
    }

    private static void trustAnotherAuthority(Path folder) throws Exception {
        Certificates certificates = Certificates.in(Files.createDirectories(folder.resolve("one")));
        Certificates others = Certificates.in(Files.createDirectories(folder.resolve("another")));
        int open = JavaProcess.freePort();
        int secured = JavaProcess.freePort();
        List<String> configuration = new ArrayList<>(listeners(open, secured, "SSL"));
        configuration.addAll(List.of(
                "ssl.keystore.location=" + certificates.issue("broker", "127.0.0.1"),
                "ssl.keystore.password=" + Certificates.PASSWORD));
        Path trusted = Files.copy(others.authority(), folder.resolve("trusted.p12"));
        Map<String, String> settings = Map.of(
                "kafka.security.protocol",
                "SSL",
                "kafka.ssl.truststore.location",
                trusted.toString(),
                "kafka.ssl.truststore.password",
                Certificates.PASSWORD);
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), open, configuration)) {
            broker.topics().createNamed(TOPIC, PARTITIONS);
            try (Engine engine = Engine.start("untrusted", severalNamesOf(secured), settings);
                    SseClient client = engine.open(TOPIC + "?offset=earliest")) {
                engine.assertQuietBesideOthers(() -> client.awaitOpen(LIMIT));
                Files.copy(certificates.authority(), trusted, StandardCopyOption.REPLACE_EXISTING);
                produce(broker.topics(), "after", client);
            }
        }
    }

    private static Map<String, String> logInFrom(Path file, String password) throws IOException {
        Files.writeString(file, "module=" + SCRAM_MODULE + logInAs(password));
        Map<String, String> settings = new HashMap<>(logIn("${file:" + file + ":module}"));
        settings.put("kafka.config.providers", "file");
        settings.put("kafka.config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider");
        return settings;
    }

    private static List<String> listeners(int open, int secured, String protocol) {
        int controller = JavaProcess.freePort();
        return List.of(
                "controller.quorum.voters=1@127.0.0.1:" + controller,
                "listeners=PLAINTEXT://127.0.0.1:" + open + ",SECURED://127.0.0.1:" + secured
                        + ",CONTROLLER://127.0.0.1:" + controller,
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:" + protocol,
                "inter.broker.listener.name=PLAINTEXT");
    }

    private static KafkaBroker startWithLogIn(Path folder, int secured) {
        int open = JavaProcess.freePort();
        List<String> configuration = new ArrayList<>(listeners(open, secured, "SASL_PLAINTEXT"));
        configuration.addAll(List.of(
                "sasl.enabled.mechanisms=" + ScramMechanism.SCRAM_SHA_256.mechanismName(),
                "listener.name.secured.scram-sha-256.sasl.jaas.config=" + SCRAM_MODULE + ";"));
        return KafkaBroker.start(folder, open, configuration);
    }

    private static String logInAs(String password) {
        return " username=\"" + USER + "\" password=\"" + password + "\";";
    }

    private static Map<String, String> logIn(String jaas) {
        return Map.of(
                "kafka.security.protocol",
                "SASL_PLAINTEXT",
                "kafka.sasl.mechanism",
                ScramMechanism.SCRAM_SHA_256.mechanismName(),
                "kafka.sasl.jaas.config",
                jaas);
    }

    @Test
    void shouldBeQuietAboutReplaysWhoseLogInIsRefusedAndServeThem() throws Exception {
        assertDone(unread);
    }

    /** The password is another one, and the file that holds it still the same. Connections that are there stay. */
    private static void refuseTheLogInOfReplays(Path folder) throws Exception {
        int secured = JavaProcess.freePort();
        try (KafkaBroker broker = startWithLogIn(folder, secured)) {
            broker.topics().createNamed(TOPIC, 1);
            setPassword(broker, "right");
            awaitPassword(broker);
            Path file = folder.resolve("log-in.properties");
            Map<String, String> settings = logInFrom(file, "right");
            settings.put("window-bytes", "262144");
            String large = "x".repeat(50_000);
            List<SseClient> replaying = new ArrayList<>();
            try (Engine engine = Engine.start("unread", "127.0.0.1:" + secured, settings);
                    SseClient client = engine.follow("")) {
                for (int i = 0; i < POSITIONS; i++) {
                    produce(broker.topics(), i + large, client);
                }
                engine.assertQuietBesideOthers(() -> {
                    setPassword(broker, "another");
                    for (int i = 0; i < POSITIONS; i++) {
                        replaying.add(engine.follow("?offset=" + i));
                    }
                });
                logInFrom(file, "another");
                for (SseClient each : replaying) {
                    each.awaitText("data: " + (POSITIONS - 1) + large + "\n", LIMIT.plus(LIMIT));
                }
            } finally {
                for (SseClient each : replaying) {
                    each.close();
                }
            }
        }
    }

    @Test
    void shouldBeQuietAboutANewFeedWhoseLogInIsRefusedAndFollowItsTopic() throws Exception {
        assertDone(late);
    }

    /** The connections of another feed and of the admin client stay. */
    private static void refuseTheLogInOfANewFeed(Path folder) throws Exception {
        int secured = JavaProcess.freePort();
        String other = "other";
        try (KafkaBroker broker = startWithLogIn(folder, secured)) {
            broker.topics().createNamed(TOPIC, 1);
            broker.topics().createNamed(other, 1);
            setPassword(broker, "right");
            awaitPassword(broker);
            Path file = folder.resolve("log-in.properties");
            try (Engine engine = Engine.start("late", severalNamesOf(secured), logInFrom(file, "right"));
                    SseClient before = engine.follow("")) {
                produce(broker.topics(), "before", before);
                setPassword(broker, "another");
                try (SseClient client = engine.open(other + "?offset=earliest")) {
                    engine.assertQuietBesideOthers(() -> client.awaitOpen(LIMIT));
                    produce(broker.topics(), "meanwhile", before);
                    logInFrom(file, "another");
                    broker.topics().produce(other, "k", "after");
                    client.awaitText("data: after\n", LIMIT);
                }
            }
        }
    }

    @Test
    void shouldBeQuietAboutATokenServerThatIsAwayAndAskItAgain() throws Exception {
        assertDone(tokenless);
    }

    /** Without a token no client of Kafka can be made, so there is no broker. */
    private static void leaveTheTokenServerAway() throws Exception {
        int port = JavaProcess.freePort();
        String url = "http://127.0.0.1:" + port + "/token";
        System.setProperty(ALLOWED_URLS, url);
        Map<String, String> logIn = Map.of(
                "kafka.security.protocol",
                "SASL_PLAINTEXT",
                "kafka.sasl.mechanism",
                "OAUTHBEARER",
                "kafka.sasl.oauthbearer.token.endpoint.url",
                url,
                "kafka.sasl.login.callback.handler.class",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler",
                "kafka.sasl.jaas.config",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
                        + " clientId=\"streams\" clientSecret=\"right\";");
        CountDownLatch asked = new CountDownLatch(1);
        try (Engine engine = Engine.start("tokenless", "127.0.0.1:" + JavaProcess.freePort(), logIn);
                SseClient client = engine.open(TOPIC + "?offset=earliest")) {
            engine.assertQuietBesideOthers(() -> client.awaitOpen(LIMIT));
            HttpServer tokens = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
            tokens.createContext("/", exchange -> asked.countDown());
            tokens.start();
            try {
                assertTrue(asked.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS), "asked for a token again");
            } finally {
                tokens.stop(0);
            }
        }
    }

    private static void setPassword(KafkaBroker broker, String password) throws Exception {
        ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);
        try (Admin admin = broker.topics().admin()) {
            await(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(USER, scram, password)))
                    .all());
        }
    }

    private static void awaitPassword(KafkaBroker broker) {
        try (Admin admin = broker.topics().admin()) {
            Await.until(
                    "the password at the broker",
                    LIMIT,
                    () -> admin.describeUserScramCredentials(List.of(USER))
                            .description(USER)
                            .toCompletionStage()
                            .handle((known, failure) -> failure == null)
                            .toCompletableFuture()
                            .join(),
                    () -> "unknown");
        }
    }

    private static void produce(Topics topics, String value, SseClient... clients) throws Exception {
        topics.produce(TOPIC, "k", value);
        for (SseClient client : clients) {
            client.awaitText("data: " + value + "\n", LIMIT);
        }
    }
}
