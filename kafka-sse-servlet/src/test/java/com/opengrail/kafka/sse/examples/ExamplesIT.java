package com.opengrail.kafka.sse.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Runs the examples of the documentation. */
class ExamplesIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();

    @AfterEach
    void forgetBrokers() {
        System.clearProperty("example.brokers");
    }

    @OnEachContainer
    void shouldFilterRenameAndSplitInAServletRegisteredInCode(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("orders", 1);
        try (WebServer server = kind.deploy(new OrdersListener(topic, BROKER.bootstrapServers()));
                SseClient client = SseClient.to(server.uri("/orders")).open()) {
            client.awaitText("id: -1\n", LIMIT);
            TOPICS.produce(topic, "ann", "made 17");
            long time = TOPICS.produce(topic, "ann", "shipped 17").timestamp();
            client.awaitText("data: " + time + "\n\n", LIMIT);
            assertTrue(
                    client.rawText()
                            .endsWith("\n\nevent: shipped\ndata: shipped 17\n\nevent: customer\ndata: ann\n\n"
                                    + "id: 1\nevent: time\ndata: " + time + "\n\n"),
                    client::toString);
        }
    }

    /** Spring, behind a filter that stands for a log-in. */
    private static final class SpringBehindLogin implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            Filter login = (request, response, chain) -> chain.doFilter(
                    new HttpServletRequestWrapper((HttpServletRequest) request) {
                        @Override
                        public Principal getUserPrincipal() {
                            return () -> getHeader("X-User");
                        }
                    },
                    response);
            FilterRegistration.Dynamic filter = event.getServletContext().addFilter("login", login);
            filter.setAsyncSupported(true);
            filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
            new SpringApplication().onStartup(event.getServletContext());
        }
    }

    @OnEachContainer
    void shouldStreamFromASpringController(WebServer.Kind kind) throws Exception {
        System.setProperty("example.brokers", BROKER.bootstrapServers());
        String topic = TOPICS.create("orders", 1);
        try (WebServer server = kind.deploy(new SpringBehindLogin());
                SseClient all =
                        SseClient.to(server.uri("/app/streams/" + topic)).open();
                SseClient anns = SseClient.to(server.uri("/app/mine/" + topic))
                        .header("X-User", "ann")
                        .open();
                SseClient refused =
                        SseClient.to(server.uri("/app/streams/secret")).open()) {
            all.awaitText("id: -1\n", LIMIT);
            anns.awaitText("id: -1\n", LIMIT);
            TOPICS.produce(topic, "bob", "one");
            TOPICS.produce(topic, "ann", "two");
            all.awaitText("id: 0\nevent: bob\ndata: one\n\n", LIMIT);
            all.awaitText("id: 1\nevent: ann\ndata: two\n\n", LIMIT);
            anns.awaitText("id: 1\nevent: ann\ndata: two\n\n", LIMIT);
            assertEquals(
                    List.of("ann"),
                    anns.events().stream()
                            .map(SseClient.Event::type)
                            .filter(type -> !type.equals("stream-position"))
                            .toList());
            refused.awaitText("topic 'secret' is not allowed", LIMIT);
            assertEquals(403, refused.status());
        }
    }
}
