package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.JavaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class KafkaClusterTest {
    private static final String FETCH = ConsumerConfig.FETCH_MAX_BYTES_CONFIG;

    @Test
    void shouldBoundFetchesAndLeaveSmallerOnesAsTheyAreSet() {
        assertEquals(Map.of(FETCH, 1000), KafkaCluster.fetchingAtMost(1000, Map.of()));
        assertEquals(Map.of(FETCH, 900), KafkaCluster.fetchingAtMost(1000, Map.of(FETCH, " 900 ")));
        assertEquals(
                Map.of(FETCH, ConsumerConfig.DEFAULT_FETCH_MAX_BYTES),
                KafkaCluster.fetchingAtMost(Integer.MAX_VALUE, Map.of()));
    }

    /** {@code kafka.config.providers} lets Kafka's clients read a value from elsewhere. */
    @Test
    void shouldLeaveReferencesForKafkaToResolve() {
        Map<String, Object> given = Map.of(FETCH, "${env:FETCH}");
        assertEquals(given, KafkaCluster.fetchingAtMost(1000, given));
    }

    /** A consumer that reads what is committed would never reach the other end. */
    @Test
    void shouldTakeAnIsolationThatKafkaAloneKnowsForCommitted() {
        assertEquals(IsolationLevel.READ_COMMITTED, isolation("${file:/x:level}"));
        assertEquals(IsolationLevel.READ_COMMITTED, isolation("read_${env:LEVEL}"));
        assertEquals(IsolationLevel.READ_COMMITTED, isolation(" READ_COMMITTED "));
        assertEquals(IsolationLevel.READ_UNCOMMITTED, isolation("read_uncommitted"));
        assertEquals(IsolationLevel.READ_UNCOMMITTED, isolation(" Read_Uncommitted "));
        assertEquals(IsolationLevel.READ_UNCOMMITTED, KafkaCluster.isolation(Map.of()), "the default of consumers");
    }

    private static IsolationLevel isolation(String level) {
        return KafkaCluster.isolation(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, level));
    }

    @Test
    void shouldCountOnTheUsualTimesWhileKafkaAloneKnowsThem() {
        Map<String, Object> given = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1",
                ConsumerConfig.METADATA_MAX_AGE_CONFIG, "${env:AGE}",
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "${env:WAIT}");
        try (KafkaCluster cluster = new KafkaCluster(given, null, EngineThreads.ofCaller(), "test", System::nanoTime)) {
            assertEquals(Duration.ofSeconds(5), cluster.topicCheck());
            assertEquals(Duration.ofMillis(10_500), cluster.silentAfter());
        }
    }

    @Test
    void shouldLookForTheBrokersThatItIsToldOf() {
        assertFalse(isReachable("127.0.0.1:" + JavaProcess.freePort() + " , PLAINTEXT://no-such-host.invalid:9092"));
        assertTrue(isReachable("${file:/x:brokers}"), "only Kafka's clients can tell");
    }

    /** What a consumer was made with. */
    public static final class Reporter implements MetricsReporter {
        private static final Map<String, Object> LAST = new ConcurrentHashMap<>();
        private static volatile boolean isAway;

        @Override
        public void configure(Map<String, ?> properties) {
            if (isAway) {
                throw new ConfigException("for the test");
            }
            properties.forEach((name, value) -> LAST.put(name, String.valueOf(value)));
        }

        @Override
        public void init(List<KafkaMetric> metrics) {
            // Only the properties are of interest.
        }

        @Override
        public void metricChange(KafkaMetric metric) {
            // Only the properties are of interest.
        }

        @Override
        public void metricRemoval(KafkaMetric metric) {
            // Only the properties are of interest.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @Test
    void shouldFetchNoMoreThanIsAskedForWhateverTheConsumerIsFor() {
        Map<String, Object> given = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                "localhost:1",
                ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG,
                Reporter.class.getName());
        try (KafkaCluster cluster = new KafkaCluster(given, null, EngineThreads.ofCaller(), "test", System::nanoTime)) {
            cluster.newConsumer("feed", 1 << 20, () -> {}).close();
            assertEquals("1048576", Reporter.LAST.get(ConsumerConfig.FETCH_MAX_BYTES_CONFIG));
            cluster.newReplayConsumer("replay", 7, 1 << 16, () -> {}).close();
            assertEquals("65536", Reporter.LAST.get(ConsumerConfig.FETCH_MAX_BYTES_CONFIG));
            assertEquals("7", Reporter.LAST.get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG));
        }
    }

    /** See {@link OwnedAdmin}: a question that is given up before the next log-in is not asked again. */
    @Test
    void shouldLetTheAdminClientWantToKnowTheBrokersUntilTheNextLogInAndNotTwice() {
        assertEquals(List.of("60000", "60000", Long.toString(Long.MAX_VALUE)), patience(Map.of()));
        assertEquals(
                List.of("180000", "180000", Long.toString(Long.MAX_VALUE)),
                patience(Map.of(
                        ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        "1000",
                        ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                        "1000",
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        "120000")));
    }

    private static List<String> patience(Map<String, Object> more) {
        Map<String, Object> given = new HashMap<>(more);
        given.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        given.put("security.protocol", "SSL");
        given.put(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, Reporter.class.getName());
        try (KafkaCluster cluster = new KafkaCluster(given, null, EngineThreads.ofCaller(), "test", System::nanoTime)) {
            assertNotNull(cluster.describe(List.of("topic")));
            return Stream.of(
                            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                            ConsumerConfig.METADATA_MAX_AGE_CONFIG)
                    .map(name -> Reporter.LAST.get(name).toString())
                    .toList();
        }
    }

    /** It connects at once, while the one before would wait. */
    @Test
    void shouldAskANewClientWhenBrokersAreBackAfterALongAbsence() throws IOException {
        int port = JavaProcess.freePort();
        Map<String, Object> given = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + port);
        AtomicLong now = new AtomicLong();
        try (KafkaCluster cluster = new KafkaCluster(given, null, EngineThreads.ofCaller(), "replaced", now::get)) {
            CompletionStage<Description> unanswered = cluster.describe(List.of("topic"));
            long before = newestAdminThread();
            now.addAndGet(Duration.ofSeconds(50).toNanos());
            assertFalse(cluster.isReachable(), unanswered::toString);
            now.addAndGet(Duration.ofSeconds(8).toNanos());
            try (ServerSocket listening = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"))) {
                assertTrue(cluster.isReachable(), listening::toString);
                CompletionStage<Description> again = cluster.describe(List.of("topic"));
                assertTrue(newestAdminThread() > before, again::toString);
            }
        }
    }

    @Test
    void shouldTryOtherCredentialsAgainWhereTheFirstClientWithThemCouldNotBeMade(@TempDir Path folder)
            throws Exception {
        Path file = Files.writeString(folder.resolve("secrets"), "password=one");
        AtomicLong now = new AtomicLong();
        try (ServerSocket withoutTls = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Map<String, Object> given = new HashMap<>(withSecretsFrom(file));
            given.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + withoutTls.getLocalPort());
            given.put("security.protocol", "SSL");
            given.put("ssl.key.password", "${file:" + file + ":password}");
            given.put(ConsumerConfig.RECONNECT_BACKOFF_MS_CONFIG, "50");
            given.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "50");
            given.put(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, Reporter.class.getName());
            Thread server = new Thread(() -> answerPlainly(withoutTls));
            server.start();
            try (KafkaCluster cluster = new KafkaCluster(given, null, EngineThreads.ofCaller(), "replaced", now::get)) {
                assertRefused(cluster);
                long first = newestAdminThread();
                now.addAndGet(Duration.ofSeconds(45).toNanos());
                assertRefused(cluster);
                assertEquals(first, newestAdminThread(), "it would be refused, too");
                Files.writeString(file, "password=two");
                Reporter.isAway = true;
                assertRefused(cluster);
                Reporter.isAway = false;
                assertEquals(first, newestAdminThread());
                now.addAndGet(Duration.ofSeconds(45).toNanos());
                assertRefused(cluster);
                assertTrue(newestAdminThread() > first);
            } finally {
                Reporter.isAway = false;
            }
        }
    }

    private static void assertRefused(KafkaCluster cluster) {
        assertThrows(
                SslAuthenticationException.class,
                () -> KafkaSource.await(cluster.describe(List.of("topic")), 20, "late"));
    }

    private static void answerPlainly(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getOutputStream().write("no TLS\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                LoggerFactory.getLogger(KafkaClusterTest.class).debug("A client has gone, or the server", e);
            }
        }
    }

    private static Map<String, Object> withSecretsFrom(Path file) {
        return Map.of(
                "config.providers",
                "file",
                "config.providers.file.class",
                FileConfigProvider.class.getName(),
                SaslConfigs.SASL_JAAS_CONFIG,
                "${file:" + file + ":password}");
    }

    private static long newestAdminThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("kafka-admin-client-thread | replaced"))
                .mapToLong(Thread::getId)
                .max()
                .orElseThrow();
    }

    /** A new one reads the file once more. */
    @Test
    void shouldTakeAConsumerForOutdatedThatWasMadeWithOtherCredentials(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("secrets"), "password=one");
        Map<String, Object> given = new HashMap<>(withSecretsFrom(file));
        given.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        SaslAuthenticationException refusal = new SaslAuthenticationException("wrong");
        AtomicLong now = new AtomicLong();
        try (KafkaCluster cluster = new KafkaCluster(given, null, EngineThreads.ofCaller(), "test", now::get);
                Consumer<?, ?> before = cluster.newConsumer("before", 1 << 20, () -> {})) {
            now.addAndGet(Duration.ofSeconds(45).toNanos() - 1);
            assertFalse(cluster.isOutdatedBy(before, refusal), "it would be refused again");
            Files.writeString(file, "password=two");
            assertFalse(cluster.isOutdatedBy(before, refusal), "not again and again");
            now.incrementAndGet();
            assertTrue(cluster.isOutdatedBy(before, refusal));
            assertTrue(cluster.isOutdatedBy(before, new SslAuthenticationException("expired")));
            assertFalse(cluster.isOutdatedBy(before, new TimeoutException("no answer")));
            assertFalse(cluster.isOutdatedBy(null, refusal));
            try (Consumer<?, ?> after = cluster.newReplayConsumer("after", 1, 1 << 20, () -> {})) {
                now.addAndGet(Duration.ofSeconds(45).toNanos());
                assertFalse(cluster.isOutdatedBy(after, refusal));
                assertTrue(cluster.isOutdatedBy(before, refusal));
            }
        }
    }

    private static boolean isReachable(String servers) {
        Map<String, Object> given = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        try (KafkaCluster cluster = new KafkaCluster(given, null, EngineThreads.ofCaller(), "test", System::nanoTime)) {
            return cluster.isReachable();
        }
    }

    /** Kafka says no more than that it failed. */
    @Test
    void shouldSayWhyNoClientCanBeMade() {
        Map<String, Object> given = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "no-such-host.invalid:9092",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        try (KafkaCluster cluster = new KafkaCluster(given, null, EngineThreads.ofCaller(), "test", System::nanoTime)) {
            String why = "Cannot make a client of Kafka: org.apache.kafka.common.config.ConfigException:"
                    + " No resolvable bootstrap urls given in bootstrap.servers";
            NoClientException ofConsumer =
                    assertThrows(NoClientException.class, () -> cluster.newConsumer("test", 1 << 20, () -> {}));
            assertEquals(why, ofConsumer.getMessage());
            NoClientException ofAdmin = assertThrows(
                    NoClientException.class, () -> KafkaSource.await(cluster.describe(List.of("topic")), 10, "late"));
            assertEquals(why, ofAdmin.getMessage());
        }
    }

    /** As those of clients, its configuration is refused again and again, and its secrets are in the message. */
    @Test
    void shouldMakeNoMapperChainForAWhileAfterADeserializerCouldNotBeMade() {
        AtomicInteger attempts = new AtomicInteger();
        Supplier<MapperChain> refused = () -> {
            attempts.incrementAndGet();
            throw new KafkaException("Failed", new ConfigException("my.registry.user.info", "hunter2", "too short"));
        };
        Map<String, Object> given = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        try (KafkaCluster cluster =
                new KafkaCluster(given, refused, EngineThreads.ofCaller(), "test", System::nanoTime)) {
            for (int i = 0; i < 2; i++) {
                assertEquals(
                        "Cannot make a client of Kafka: org.apache.kafka.common.config.ConfigException:"
                                + " Invalid value (hidden) for configuration my.registry.user.info: too short",
                        assertThrows(NoClientException.class, cluster::newMapperChain)
                                .getMessage());
            }
            assertEquals(1, attempts.get());
        }
    }

    @Test
    void shouldNotSayWhatIsSecretInTheReason() {
        Exception refused = new IllegalStateException("No answer from https://id:secret@tokens.example");
        assertEquals(
                "Cannot make a client of Kafka: java.lang.IllegalStateException: No answer from"
                        + " https://(hidden)@tokens.example",
                new NoClientException(new KafkaException("Failed", refused)).getMessage());
    }

    @Test
    void shouldSayTheFirstLineOfTheReasonAndQuoteNothing() {
        Exception refused =
                new IllegalStateException("No answer: java.net.ConnectException: refused\n at a.LoginModule");
        assertEquals(
                "Cannot make a client of Kafka: java.lang.IllegalStateException: No answer:"
                        + " java.net.ConnectException: refused",
                new NoClientException(new KafkaException("Failed", refused)).getMessage());
        Exception parsed = new IllegalArgumentException("Value not specified for key 'RET' in JAAS config");
        assertEquals(
                "Cannot make a client of Kafka: java.lang.IllegalArgumentException: Value not specified for key"
                        + " (hidden) in JAAS config",
                new NoClientException(new KafkaException("Failed", parsed)).getMessage());
    }
}
