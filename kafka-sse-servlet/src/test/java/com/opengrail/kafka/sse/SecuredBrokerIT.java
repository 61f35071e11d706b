package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.opengrail.kafka.sse.internal.source.Description;
import com.opengrail.kafka.sse.internal.source.KafkaCluster;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Certificates;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of a broker that asks who is there, with no more rights than docs/operations.md names. */
class SecuredBrokerIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String TOPIC = "secured";
    private static final String SCRAM_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule";

    /** Whose password is changed. */
    private static final String ROTATING = "rotating";

    private static final String TOKEN_MODULE =
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required";

    @TempDir
    private static Path folder;

    private static KafkaBroker broker;
    private static Certificates certificates;
    private static String securedServers;
    private static String tokenServers;
    private static String tlsServers;

    @BeforeAll
    static void startBroker() throws Exception {
        int plain = JavaProcess.freePort();
        int secured = JavaProcess.freePort();
        int tokens = JavaProcess.freePort();
        int tls = JavaProcess.freePort();
        int controller = JavaProcess.freePort();
        securedServers = "127.0.0.1:" + secured;
        tokenServers = "127.0.0.1:" + tokens;
        tlsServers = "127.0.0.1:" + tls;
        certificates = Certificates.in(folder);
        broker = KafkaBroker.start(
                folder.resolve("broker"),
                plain,
                List.of(
                        "controller.quorum.voters=1@127.0.0.1:" + controller,
                        "listeners=PLAINTEXT://127.0.0.1:" + plain + ",SECURED://127.0.0.1:" + secured
                                + ",TOKENS://127.0.0.1:" + tokens + ",TLS://127.0.0.1:" + tls
                                + ",CONTROLLER://127.0.0.1:" + controller,
                        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"
                                + ",SECURED:SASL_PLAINTEXT,TOKENS:SASL_PLAINTEXT,TLS:SSL",
                        "inter.broker.listener.name=PLAINTEXT",
                        "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256",
                        "listener.name.tokens.sasl.enabled.mechanisms=OAUTHBEARER",
                        "listener.name.tokens.oauthbearer.sasl.jaas.config=" + TOKEN_MODULE
                                + " unsecuredLoginStringClaim_sub=\"broker\";",
                        "listener.name.tls.ssl.keystore.location=" + certificates.issue("broker", "127.0.0.1"),
                        "listener.name.tls.ssl.keystore.password=" + Certificates.PASSWORD,
                        "listener.name.tls.ssl.key.password=" + Certificates.PASSWORD,
                        "listener.name.tls.ssl.truststore.location=" + certificates.authority(),
                        "listener.name.tls.ssl.truststore.password=" + Certificates.PASSWORD,
                        "listener.name.tls.ssl.client.auth=required",
                        "listener.name.tls.ssl.principal.mapping.rules=RULE:^CN=(.*)$/$1/,DEFAULT",
                        "listener.name.secured.plain.sasl.jaas.config="
                                + "org.apache.kafka.common.security.plain.PlainLoginModule required"
                                + " user_streams=\"right\";",
                        "listener.name.secured.scram-sha-256.sasl.jaas.config="
                                + "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                        "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users=User:ANONYMOUS"));
        broker.topics().createNamed(TOPIC, 2);
        for (String user : List.of("streams", ROTATING)) {
            allow(user, AclOperation.READ);
            allow(user, AclOperation.DESCRIBE);
        }
    }

    @AfterAll
    static void closeBroker() {
        broker.close();
    }

    private static void allow(String user, AclOperation operation) throws Exception {
        try (Admin admin = broker.topics().admin()) {
            admin.createAcls(List.of(new AclBinding(
                            new ResourcePattern(ResourceType.TOPIC, TOPIC, PatternType.LITERAL),
                            new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW))))
                    .all()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static String[] settings(String mechanism, String module, String password) {
        return settings("streams", mechanism, module, password);
    }

    private static String[] settings(String user, String mechanism, String module, String password) {
        return new String[] {
            "keep-alive-millis",
            "100",
            // Saves time. LogVolumeIT waits as long as usual.
            "kafka.reconnect.backoff.ms",
            "1000",
            "kafka.security.protocol",
            "SASL_PLAINTEXT",
            "kafka.sasl.mechanism",
            mechanism,
            "kafka.sasl.jaas.config",
            module + " required username=\"" + user + "\" password=\"" + password + "\";"
        };
    }

    private static SseClient open(Servers servers, String query, String... settings) throws Exception {
        return SseClient.to(servers.of(WebServer.Kind.JETTY, settings).uri("/kafka-sse/" + TOPIC + query))
                .open();
    }

    /** Each consumer would be refused, too, and write twenty lines to the log. */
    @Test
    void shouldMakeNoConsumerForReplaysWhileTheLogInIsRefused() {
        Map<String, Object> wrong = Map.of(
                "bootstrap.servers", securedServers,
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"streams\" password=\"wrong\";");
        try (KafkaCluster cluster =
                new KafkaCluster(wrong, null, EngineThreads.ofCaller(), "refused", System::nanoTime)) {
            cluster.newReplayConsumer("before", 1, 1, () -> {}).close();
            CompletionStage<Description> question = cluster.describe(List.of(TOPIC));
            assertThrows(SaslAuthenticationException.class, () -> KafkaSource.await(question, 10, "late"));
            assertThrows(SaslAuthenticationException.class, () -> cluster.newReplayConsumer("after", 1, 1, () -> {}));
        }
    }

    @Test
    void shouldStreamWithAPasswordFromAFileAndTheRightsOfTheDocumentation() throws Exception {
        Path secrets = Files.writeString(folder.resolve("secrets.properties"), "password=right\n");
        String[] usual = settings(
                "PLAIN",
                "org.apache.kafka.common.security.plain.PlainLoginModule",
                "${file:" + secrets.toAbsolutePath() + ":password}");
        String[] settings = Arrays.copyOf(usual, usual.length + 4);
        settings[usual.length] = "kafka.config.providers";
        settings[usual.length + 1] = "file";
        settings[usual.length + 2] = "kafka.config.providers.file.class";
        settings[usual.length + 3] = "org.apache.kafka.common.config.provider.FileConfigProvider";
        broker.topics().produce(TOPIC, "k", "older");
        try (Servers servers = new Servers(securedServers);
                SseClient latest = open(servers, "", settings);
                SseClient earliest = open(servers, "?offset=earliest", settings)) {
            latest.awaitText("stream-position", LIMIT);
            earliest.awaitText("data: older\n", LIMIT);
            broker.topics().produce(TOPIC, "k", "newer");
            latest.awaitText("data: newer\n", LIMIT);
            earliest.awaitText("data: newer\n", LIMIT);
        }
    }

    @Test
    void shouldWaitUntilTheLogInIsAccepted() throws Exception {
        String[] settings = settings("SCRAM-SHA-256", SCRAM_MODULE, "later");
        try (Servers servers = new Servers(securedServers);
                SseClient client = open(servers, "", settings)) {
            client.awaitText(":\n:\n:\n", LIMIT);
            assertEquals(200, client.status());
            setPassword("streams", "later");
            client.awaitText("stream-position", LIMIT);
            broker.topics().produce(TOPIC, "k", "accepted");
            client.awaitText("data: accepted\n", LIMIT);
        }
    }

    private static void setPassword(String user, String password) throws Exception {
        ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);
        try (Admin admin = broker.topics().admin()) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, scram, password)))
                    .all()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Streams wait when the old one is refused. An application that has the new one continues where they were. */
    @Test
    void shouldKeepStreamsOverAChangeOfThePassword() throws Exception {
        setPassword(ROTATING, "old");
        try (Servers before = new Servers(securedServers);
                Servers after = new Servers(securedServers);
                SseClient client = open(before, "", settings(ROTATING, "SCRAM-SHA-256", SCRAM_MODULE, "old"))) {
            assertStreams(client, "with the old password");
            setPassword(ROTATING, "new");
            assertStreams(client, "after the change");
            String id = client.lastEventId();
            broker.restart();
            broker.topics().produce(TOPIC, "k", "while refused");
            int comments = client.comments().size();
            Await.until("patience", LIMIT, () -> client.comments().size() > comments + 20, client::comments);
            URI url = after.of(WebServer.Kind.JETTY, settings(ROTATING, "SCRAM-SHA-256", SCRAM_MODULE, "new"))
                    .uri("/kafka-sse/" + TOPIC);
            try (SseClient resumed =
                    SseClient.to(url).header("Last-Event-ID", id).open()) {
                resumed.awaitText("data: while refused\n", LIMIT);
            }
            assertFalse(client.rawText().contains("while refused"));
            setPassword(ROTATING, "old");
            client.awaitText("data: while refused\n", LIMIT);
        }
    }

    @Test
    void shouldStreamWithTokens() throws Exception {
        try (Servers servers = new Servers(tokenServers);
                SseClient client = open(
                        servers,
                        "",
                        "kafka.security.protocol",
                        "SASL_PLAINTEXT",
                        "kafka.sasl.mechanism",
                        "OAUTHBEARER",
                        "kafka.sasl.jaas.config",
                        TOKEN_MODULE + " unsecuredLoginStringClaim_sub=\"streams\";")) {
            assertStreams(client, "by token");
        }
    }

    private static String[] tls(Path keys) {
        return new String[] {
            "kafka.security.protocol",
            "SSL",
            "kafka.ssl.truststore.location",
            certificates.authority().toString(),
            "kafka.ssl.truststore.password",
            Certificates.PASSWORD,
            "kafka.ssl.keystore.location",
            keys.toString(),
            "kafka.ssl.keystore.password",
            Certificates.PASSWORD,
            "kafka.ssl.key.password",
            Certificates.PASSWORD
        };
    }

    /** Those who follow go on, and so do those who have to connect. */
    @Test
    void shouldStreamOverTlsWithACertificateAndGoOnWhenTheBrokerGetsAnother() throws Exception {
        String[] settings = tls(certificates.issue("streams", "streams"));
        try (Servers servers = new Servers(tlsServers);
                SseClient client = open(servers, "", settings)) {
            assertStreams(client, "over TLS");
            replaceCertificateOfBroker(certificates.issue("broker-2", "127.0.0.1"));
            assertStreams(client, "after the replacement");
            try (Servers others = new Servers(tlsServers);
                    SseClient later = open(others, "?offset=earliest", settings)) {
                later.awaitText("data: after the replacement\n", LIMIT);
            }
        }
    }

    private static void replaceCertificateOfBroker(Path keys) throws Exception {
        ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
        Map<String, String> changed = Map.of(
                "listener.name.tls.ssl.keystore.location", keys.toString(),
                "listener.name.tls.ssl.keystore.password", Certificates.PASSWORD,
                "listener.name.tls.ssl.key.password", Certificates.PASSWORD);
        List<AlterConfigOp> operations = changed.entrySet().stream()
                .map(each ->
                        new AlterConfigOp(new ConfigEntry(each.getKey(), each.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        try (Admin admin = broker.topics().admin()) {
            admin.incrementalAlterConfigs(Map.of(node, operations)).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Whoever the authority has given a certificate for may read what the ACLs allow him. */
    @Test
    void shouldWaitWithACertificateThatHasNoRights() throws Exception {
        String[] settings = tls(certificates.issue("nobody", "nobody"));
        String[] often = Arrays.copyOf(settings, settings.length + 2);
        often[settings.length] = "keep-alive-millis";
        often[settings.length + 1] = "100";
        try (Servers servers = new Servers(tlsServers);
                SseClient client = open(servers, "", often)) {
            client.awaitText(":\n:\n:\n", LIMIT);
            assertEquals(200, client.status());
            assertEquals(List.of(), client.events());
        }
    }

    private static void assertStreams(SseClient client, String value) {
        client.awaitText("stream-position", LIMIT);
        broker.topics().produce(TOPIC, "k", value);
        client.awaitText("data: " + value + "\n", LIMIT);
    }
}
