package com.opengrail.kafka.sse.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Client libraries of others get each event once, however often and wherever they are cut off. */
@Timeout(180)
class LibrariesIT {
    private static final int CUTS = 12;

    @RegisterExtension
    static final Servers SERVERS = Servers.ofSharedBroker();

    private static final Topics TOPICS = SERVERS.topics();

    static Stream<Arguments> librariesAndServers() {
        return Stream.of(Library.values())
                .flatMap(library -> Stream.of(WebServer.Kind.values()).map(kind -> Arguments.of(library, kind)));
    }

    @ParameterizedTest
    @MethodSource("librariesAndServers")
    void shouldGetEachEventOnceOverCuts(Library library, WebServer.Kind kind) throws Exception {
        long seed = new Random().nextLong();
        Orders orders = new Orders(TOPICS, "library");
        WebServer server = SERVERS.of(kind, "retry-millis", "50", "keep-alive-millis", "200");
        try (CuttingProxy proxy = new CuttingProxy(server.port(), CUTS, false, seed)) {
            orders.produceHalf();
            AutoCloseable following =
                    library.follow(proxy.uri("/kafka-sse/" + orders.topic() + "?offset=earliest"), orders::received);
            try (following) {
                orders.awaitSome();
                orders.produceHalf();
                orders.awaitAll();
            }
            orders.assertEachOnce("seed " + seed);
            assertEquals(CUTS, proxy.cuts(), "seed " + seed);
        }
    }
}
