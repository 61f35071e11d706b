package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An application's code may throw anything, also what it does not declare. It costs its own record or stream. */
class FailingCodeIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();
    private static final int OLD_RECORDS = 20;
    private static final String OLD = "x".repeat(10_000);

    /** Chooses how a request is streamed. */
    private interface Service {
        StreamOptions options(HttpServletRequest request);
    }

    static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalStateException("on purpose"),
                new SQLException("not declared"),
                new InterruptedException("not declared"),
                new AssertionError("on purpose"),
                new StackOverflowError("on purpose"),
                new OutOfMemoryError("as of a length that is forged"),
                new InternalError("as of native code"),
                new ServiceConfigurationError("on purpose"));
    }

    /** What other languages and tools of the JVM do without being asked. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException undeclared(Throwable failure) throws T {
        throw (T) failure;
    }

    private static KafkaSse.Builder builder(String topic) {
        return KafkaSse.builder()
                .bootstrapServers(BROKER.bootstrapServers())
                .topics(topic)
                .recheck(Duration.ofMillis(400))
                .windowBytes(65_536)
                .writerThreads(1);
    }

    private static WebApplication start(KafkaSse engine, Service service) throws Exception {
        HttpServlet servlet = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                engine.stream(request, response, service.options(request));
            }
        };
        return WebApplication.start(
                WebServer.Kind.JETTY,
                "",
                application -> WebApplication.add(application, "kafka-sse", servlet, Map.of(), "/kafka-sse/*"));
    }

    private static SseEventMapper failingAt(String data, Throwable failure) {
        return (record, event, next) -> {
            if (data.equals(event.data())) {
                throw undeclared(failure);
            }
            next.accept(event);
        };
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldSkipARecordAtWhichAMapperFails(Throwable failure) throws Exception {
        String topic = TOPICS.create("mapper", 1);
        TOPICS.produce(topic, "k", "first");
        TOPICS.produce(topic, "k", "bad");
        for (int i = 0; i < OLD_RECORDS; i++) {
            TOPICS.produce(topic, "k", OLD);
        }
        try (KafkaSse engine = builder(topic).mapper(failingAt("bad", failure)).build();
                WebApplication application = start(engine, request -> StreamOptions.defaults());
                SseClient live = SseClient.to(application.uri("/kafka-sse/")).open();
                SseClient replayed = SseClient.to(application.uri("/kafka-sse/?offset=earliest"))
                        .open()) {
            live.awaitText("event: stream-position", LIMIT);
            TOPICS.produce(topic, "k", "bad");
            TOPICS.produce(topic, "k", "last");
            live.awaitText("data: last\n", LIMIT);
            replayed.awaitText("data: first\n", LIMIT);
            replayed.awaitText("data: last\n", LIMIT);
            assertEquals(EngineHealth.State.OPEN, engine.health().state());
        }
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldEndTheStreamWhosePredicateFails(Throwable failure) throws Exception {
        String topic = TOPICS.create("predicate", 1);
        StreamOptions failing = StreamOptions.defaults().withEvents(event -> {
            throw undeclared(failure);
        });
        try (KafkaSse engine = builder(topic).build();
                WebApplication application = start(engine, request -> choose(request, failing));
                SseClient other = SseClient.to(application.uri("/kafka-sse/")).open();
                SseClient client =
                        SseClient.to(application.uri("/kafka-sse/?fails=1")).open()) {
            other.awaitText("event: stream-position", LIMIT);
            client.awaitText("event: stream-position", LIMIT);
            TOPICS.produce(topic, "k", "first");
            client.awaitEnd(LIMIT);
            TOPICS.produce(topic, "k", "last");
            other.awaitText("data: last\n", LIMIT);
            assertEquals(EngineHealth.State.OPEN, engine.health().state());
        }
    }

    private static StreamOptions choose(HttpServletRequest request, StreamOptions failing) {
        return request.getParameter("fails") == null ? StreamOptions.defaults() : failing;
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldEndTheStreamWhoseCheckFails(Throwable failure) throws Exception {
        AtomicBoolean fails = new AtomicBoolean();
        StreamOptions checked = StreamOptions.defaults().withCheck(() -> {
            if (fails.get()) {
                throw undeclared(failure);
            }
            return true;
        });
        String topic = TOPICS.create("check", 1);
        try (KafkaSse engine = builder(topic).build();
                WebApplication application = start(engine, request -> checked);
                SseClient client = SseClient.to(application.uri("/kafka-sse/")).open()) {
            client.awaitText("event: stream-position", LIMIT);
            fails.set(true);
            client.awaitEnd(LIMIT);
        }
    }
}
