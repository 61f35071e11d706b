package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.JavaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What admin clients are told of the servers. */
class AdminMakerTest {
    private static final String SERVERS = CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;

    private ServerSocket server;
    private String present;
    private String all;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        present = "127.0.0.1:" + server.getLocalPort();
        all = "127.0.0.1:" + JavaProcess.freePort() + "," + present;
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static AdminMaker maker(String servers, String protocol) {
        Map<String, Object> properties = Map.of(
                SERVERS,
                servers,
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                protocol,
                "config.providers",
                "file",
                "config.providers.file.class",
                FileConfigProvider.class.getName());
        return new AdminMaker(
                properties, "admin", new ClientMaker(() -> 0, NoClientException::new), EngineThreads.ofCaller());
    }

    /** One that is refused would try all of them. */
    @Test
    void shouldTellOneThatAcceptsConnectionsWhereClientsLogIn() {
        AdminMaker maker = maker(all, "SSL");
        assertEquals(present, maker.toldOne().get(SERVERS));
        assertEquals(present, maker.toldOne().get(SERVERS));
        maker.make(false).close(Duration.ZERO);
        assertTrue(maker.hasToldOne());
        maker.make(true).close(Duration.ZERO);
        assertFalse(maker.hasToldOne());
    }

    @Test
    void shouldTellAllWhereNobodyLogsIn() {
        AdminMaker maker = maker(all, " plaintext ");
        assertEquals(all, maker.toldOne().get(SERVERS));
        maker.make(false).close(Duration.ZERO);
        assertFalse(maker.hasToldOne());
    }

    /** While brokers are away, each attempt to connect writes to the log. After a refused log-in there has to be another. */
    @Test
    void shouldGiveRequestsUpSoonerWhereNobodyLogsIn() {
        assertEquals(10_000, maker(all, "PLAINTEXT").toldOne().get("request.timeout.ms"));
        assertEquals(60_000, maker(all, "SSL").toldOne().get("request.timeout.ms"));
    }

    @Test
    void shouldTellTheOnlyOneWhetherItAcceptsConnectionsOrNot() throws IOException {
        server.close();
        assertEquals(present, maker(present, "SSL").toldOne().get(SERVERS));
    }

    @Test
    void shouldTellOneOfThoseThatAReferenceIsFilledInWith(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("servers.properties");
        String reference = "${file:" + file + ":servers}";
        AdminMaker maker = maker(reference, "SSL");
        assertEquals(reference, maker.toldOne().get(SERVERS), "the file is not there yet");
        Files.writeString(file, "servers=" + all);
        assertEquals(present, maker.toldOne().get(SERVERS));
    }
}
