package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Containers, session stores and filters that fail where no specification lets them. It costs one request. */
class FailingContainerIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int REQUESTS = 4;
    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();

    /** Streams; requests with the parameter "fails" get a request and a response that fail. */
    private static final class Failing extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final transient KafkaSse engine;
        private final transient UnaryOperator<HttpServletRequest> requests;
        private final transient UnaryOperator<HttpServletResponse> responses;

        Failing(
                KafkaSse engine,
                UnaryOperator<HttpServletRequest> requests,
                UnaryOperator<HttpServletResponse> responses) {
            this.engine = engine;
            this.requests = requests;
            this.responses = responses;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getParameter("fails") == null) {
                engine.stream(request, response);
            } else {
                engine.stream(requests.apply(request), responses.apply(response));
            }
        }
    }

    private static KafkaSse.Builder builder(String topic) {
        return KafkaSse.builder()
                .bootstrapServers(BROKER.bootstrapServers())
                .topics(topic)
                .keepAlive(Duration.ofMillis(300))
                .recheck(Duration.ofSeconds(2))
                .maxConnections(2)
                .writerThreads(1);
    }

    private static WebApplication start(WebServer.Kind kind, HttpServlet servlet) throws Exception {
        return WebApplication.start(
                kind,
                "",
                application -> WebApplication.add(application, "kafka-sse", servlet, Map.of(), "/kafka-sse/*"));
    }

    /** An object that works but for one method. */
    private static <T> T failing(Class<T> type, T real, String method, BooleanSupplier fails) {
        return type.cast(Proxy.newProxyInstance(
                FailingContainerIT.class.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    if (called.getName().equals(method) && fails.getAsBoolean()) {
                        throw new UnsupportedOperationException("on purpose");
                    }
                    if (called.getName().equals("equals")) {
                        return proxy == arguments[0];
                    }
                    try {
                        return called.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static UnaryOperator<HttpServletRequest> contextWithout(String method) {
        return request -> new HttpServletRequestWrapper(request) {
            @Override
            public AsyncContext startAsync(ServletRequest given, ServletResponse response) {
                return failing(AsyncContext.class, super.startAsync(given, response), method, () -> true);
            }
        };
    }

    /** Each such request is answered, and none keeps its place. */
    private static void assertCostsNothing(
            WebServer.Kind kind,
            UnaryOperator<HttpServletRequest> requests,
            UnaryOperator<HttpServletResponse> responses)
            throws Exception {
        String topic = TOPICS.create("failing", 1);
        try (KafkaSse engine = builder(topic).build();
                WebApplication application = start(kind, new Failing(engine, requests, responses))) {
            for (int i = 0; i < REQUESTS; i++) {
                try (SseClient client =
                        SseClient.to(application.uri("/kafka-sse/?fails=1")).open()) {
                    client.awaitEnd(LIMIT);
                    assertEquals(500, client.status(), client::toString);
                }
            }
            assertEquals(0, engine.metrics().getConnections());
            assertServes(application);
        }
    }

    private static void assertServes(WebApplication application) throws Exception {
        try (SseClient client = SseClient.to(application.uri("/kafka-sse/")).open()) {
            client.awaitText("event: stream-position", LIMIT);
        }
    }

    @OnEachContainer
    void shouldAnswerWhereAnAsynchronousRequestFailsBeforeItsStream(WebServer.Kind kind) throws Exception {
        assertCostsNothing(kind, contextWithout("setTimeout"), UnaryOperator.identity());
        assertCostsNothing(kind, contextWithout("getResponse"), UnaryOperator.identity());
    }

    @OnEachContainer
    void shouldServeClientsWithoutAnAddress(WebServer.Kind kind) throws Exception {
        UnaryOperator<HttpServletRequest> without = request -> new HttpServletRequestWrapper(request) {
            @Override
            public String getRemoteAddr() {
                return null;
            }
        };
        String topic = TOPICS.create("no-address", 1);
        try (KafkaSse engine = builder(topic).build();
                WebApplication application = start(kind, new Failing(engine, without, UnaryOperator.identity()))) {
            for (int i = 0; i < REQUESTS; i++) {
                try (SseClient client =
                        SseClient.to(application.uri("/kafka-sse/?fails=1")).open()) {
                    client.awaitText("event: stream-position", LIMIT);
                }
                Await.until("its place", LIMIT, () -> engine.metrics().getConnections() == 0, () -> "one more");
            }
        }
    }

    @OnEachContainer
    void shouldForgetAClientWhoseStreamFailsWhileItStarts(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("error", 1);
        try (KafkaSse engine = builder(topic).build();
                WebApplication application =
                        start(kind, new Failing(engine, UnaryOperator.identity(), ErrorAtStart::new));
                SseClient other = SseClient.to(application.uri("/kafka-sse/")).open()) {
            other.awaitText("event: stream-position", LIMIT);
            for (String start : new String[] {"", "&offset=-5", "&offset=0"}) {
                try (SseClient client = SseClient.to(application.uri("/kafka-sse/?fails=1" + start))
                        .open()) {
                    client.awaitEnd(LIMIT);
                }
                Await.until(
                        "its end",
                        LIMIT,
                        () -> engine.metrics().getConnections() == 1,
                        () -> engine.metrics().getConnections());
            }
            assertEquals(1, engine.metrics().getFeeds().get(topic).getClients());
        }
    }

    /** Reports an error to the listener before anything is written. */
    private static final class ErrorAtStart extends HttpServletResponseWrapper {
        ErrorAtStart(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            ServletOutputStream real = super.getOutputStream();
            return new ServletOutputStream() {
                @Override
                public boolean isReady() {
                    return real.isReady();
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    real.setWriteListener(listener);
                    listener.onError(new IOException("on purpose"));
                }

                @Override
                public void write(int b) throws IOException {
                    real.write(b);
                }
            };
        }
    }

    @OnEachContainer
    void shouldCloseWhereARequestCannotBeCompleted(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("complete", 1);
        KafkaSse engine = builder(topic).name("completes-" + kind).build();
        try (WebApplication application =
                        start(kind, new Failing(engine, contextWithout("complete"), UnaryOperator.identity()));
                SseClient failing =
                        SseClient.to(application.uri("/kafka-sse/?fails=1")).open();
                SseClient client = SseClient.to(application.uri("/kafka-sse/")).open()) {
            failing.awaitText("event: stream-position", LIMIT);
            client.awaitText("event: stream-position", LIMIT);
            engine.close();
            client.awaitEnd(LIMIT);
            Await.until("no threads", LIMIT, () -> threads("completes-" + kind) == 0, () -> "some");
        }
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains(name))
                .count();
    }

    @OnEachContainer
    void shouldEndOnlyTheStreamWhoseSessionCannotBeAsked(WebServer.Kind kind) throws Exception {
        AtomicBoolean isStoreAway = new AtomicBoolean();
        UnaryOperator<HttpServletRequest> stored = request -> new HttpServletRequestWrapper(request) {
            private final HttpSession session =
                    failing(HttpSession.class, request.getSession(), "getLastAccessedTime", isStoreAway::get);

            @Override
            public HttpSession getSession(boolean create) {
                return session;
            }
        };
        String topic = TOPICS.create("session", 1);
        try (KafkaSse engine = builder(topic).build();
                WebApplication application = start(kind, new Failing(engine, stored, UnaryOperator.identity()));
                SseClient failing =
                        SseClient.to(application.uri("/kafka-sse/?fails=1")).open();
                SseClient client = SseClient.to(application.uri("/kafka-sse/")).open()) {
            failing.awaitText("event: stream-position", LIMIT);
            client.awaitText("event: stream-position", LIMIT);
            isStoreAway.set(true);
            int comments = client.comments().size();
            Await.until("keep-alives", LIMIT, () -> client.comments().size() >= comments + 3, client::comments);
            failing.awaitEnd(LIMIT);
        }
    }
}
