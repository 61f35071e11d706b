package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.JavaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
        return new AdminMaker(
                Map.of(SERVERS, servers, CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol), "admin");
    }

    /** One that is refused would try all of them. */
    @Test
    void shouldTellOneThatAcceptsConnectionsWhereClientsLogIn() {
        AdminMaker maker = maker(all, "SASL_PLAINTEXT");
        assertEquals(present, maker.propertiesOfNext().get(SERVERS));
        assertEquals(present, maker.propertiesOfNext().get(SERVERS));
        assertTrue(maker.isNextElsewhere());
    }

    @Test
    void shouldTellAllWhereNobodyLogsIn() {
        AdminMaker maker = maker(all, " plaintext ");
        assertEquals(all, maker.propertiesOfNext().get(SERVERS));
        assertFalse(maker.isNextElsewhere());
    }

    @Test
    void shouldTellTheOnlyOneWhetherItAcceptsConnectionsOrNot() throws IOException {
        server.close();
        AdminMaker maker = maker(present, "SSL");
        assertEquals(present, maker.propertiesOfNext().get(SERVERS));
        assertFalse(maker.isNextElsewhere());
    }
}
