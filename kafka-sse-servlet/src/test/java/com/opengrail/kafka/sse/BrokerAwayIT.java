package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams while the brokers are away, at the start or later, and while they refuse. One broker for both containers. */
class BrokerAwayIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String TOPIC = "away";

    @TempDir
    private Path folder;

    private static List<SseClient> open(Servers servers, String topic) throws Exception {
        List<SseClient> clients = new ArrayList<>();
        for (WebServer.Kind kind : WebServer.Kind.values()) {
            WebServer server = servers.of(kind, "keep-alive-millis", "300");
            long start = System.nanoTime();
            SseClient client = SseClient.to(server.uri("/kafka-sse/" + topic)).open();
            clients.add(client);
            client.awaitOpen(LIMIT);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(millis < 2000, "opened after " + millis + " ms");
        }
        return clients;
    }

    @Test
    void shouldOpenAndKeepStreamsWhileTheBrokersAreAway() throws Exception {
        int port = JavaProcess.freePort();
        try (Servers servers = new Servers("127.0.0.1:" + port)) {
            List<SseClient> clients = open(servers, TOPIC);
            for (SseClient client : clients) {
                assertEquals(200, client.status());
                client.awaitText(":\n:\n", LIMIT);
                assertTrue(client.rawText().matches("retry: [0-9]+\n\n(:\n)+"), client::toString);
            }
            try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), port)) {
                Topics topics = broker.topics();
                topics.createNamed(TOPIC, 1);
                topics.produce(TOPIC, "k", "first");
                awaitAll(clients, "data: first\n\n");
                broker.kill();
                for (SseClient client : clients) {
                    client.awaitText(client.rawText() + ":\n:\n", LIMIT);
                }
                broker.restart();
                topics.produce(TOPIC, "k", "second");
                awaitAll(clients, "data: second\n\n");
                for (SseClient client : clients) {
                    assertEquals(
                            List.of("first", "second"),
                            client.events().stream()
                                    .filter(event -> !event.type().equals("stream-position"))
                                    .map(SseClient.Event::data)
                                    .toList());
                    client.close();
                }
            }
        }
    }

    private static void awaitAll(List<SseClient> clients, String text) {
        clients.forEach(client -> client.awaitText(text, LIMIT));
    }

    /** Passwords are rotated and access lists mended: nothing ends, and nothing is answered that a browser gives up at. */
    @Test
    void shouldBePatientWhileKafkaRefuses() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0, KafkaBroker.WITH_ACLS);
                Servers servers = new Servers(broker.bootstrapServers())) {
            broker.topics().createNamed(TOPIC, 1);
            List<SseClient> streams = open(servers, TOPIC);
            awaitAll(streams, "id: -1\n");
            broker.topics().createNamed("refused", 1);
            allowOnlySomebodyElse(broker, "refused");
            List<SseClient> refused = open(servers, "refused");
            for (SseClient client : refused) {
                client.awaitText(":\n:\n", LIMIT);
                assertEquals(200, client.status(), client::toString);
            }
            allowOnlySomebodyElse(broker, TOPIC);
            for (SseClient client : streams) {
                client.awaitText(client.rawText() + ":\n:\n", LIMIT);
            }
            allowEverybody(broker);
            broker.topics().produce(TOPIC, "k", "later");
            broker.topics().produce("refused", "k", "later");
            awaitAll(streams, "data: later\n\n");
            awaitAll(refused, "data: later\n\n");
        }
    }

    private static void allowEverybody(KafkaBroker broker) throws Exception {
        try (Admin admin = broker.topics().admin()) {
            admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static void allowOnlySomebodyElse(KafkaBroker broker, String topic) throws Exception {
        try (Admin admin = broker.topics().admin()) {
            admin.createAcls(List.of(new AclBinding(
                            new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                            new AccessControlEntry("User:somebody", "*", AclOperation.ALL, AclPermissionType.ALLOW))))
                    .all()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
