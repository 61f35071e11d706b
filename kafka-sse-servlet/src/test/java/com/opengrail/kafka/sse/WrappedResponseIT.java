package com.opengrail.kafka.sse;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/** Filters before the servlet: what they wrap is used, and what they break costs no place. */
class WrappedResponseIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();

    private static WebApplication start(
            WebServer.Kind kind, Filter filter, KafkaSseServlet servlet, Map<String, String> settings)
            throws Exception {
        return WebApplication.start(kind, "", application -> setUp(application, filter, servlet, settings));
    }

    private static void setUp(
            ServletContext application, Filter filter, KafkaSseServlet servlet, Map<String, String> settings) {
        FilterRegistration.Dynamic registration = application.addFilter("before", filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        WebApplication.add(application, "kafka-sse", servlet, settings, "/kafka-sse/*");
    }

    @OnEachContainer
    void shouldWriteThroughTheResponseThatAFilterHasWrapped(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("wrapped", 1);
        AtomicLong audited = new AtomicLong();
        Filter auditing = (request, response, chain) ->
                chain.doFilter(request, new AuditedResponse((HttpServletResponse) response, audited));
        Map<String, String> settings = Map.of("kafka-broker-url", BROKER.bootstrapServers(), "topic", topic);
        try (WebApplication application = start(kind, auditing, new KafkaSseServlet(), settings);
                SseClient client = SseClient.to(application.uri("/kafka-sse/")).open()) {
            client.awaitText("id: -1\n", LIMIT);
            TOPICS.produce(topic, "key", "value");
            client.awaitText("data: value\n", LIMIT);
            Await.until(
                    "the bytes that the filter has seen",
                    LIMIT,
                    () -> audited.get() == client.rawBytes().length,
                    () -> audited + " of " + client.rawBytes().length);
        }
    }

    /** Decoded once it is the stream: it is not compressed twice. */
    @OnEachContainer
    void shouldLeaveTheCompressionToAFilterThatCompresses(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("wrapped", 1);
        Filter compressing = (request, response, chain) ->
                chain.doFilter(request, new GzippedResponse((HttpServletResponse) response));
        Map<String, String> settings = Map.of("kafka-broker-url", BROKER.bootstrapServers(), "topic", topic);
        try (WebApplication application = start(kind, compressing, new KafkaSseServlet(), settings);
                SseClient client = SseClient.to(application.uri("/kafka-sse/"))
                        .header("Accept-Encoding", "gzip")
                        .open()) {
            client.awaitText("id: -1\n", LIMIT);
            assertEquals("gzip", client.header("Content-Encoding"));
            TOPICS.produce(topic, "key", "value");
            client.awaitText("data: value\n", LIMIT);
        }
    }

    private static void askMoreOftenThanThereArePlaces(
            WebApplication application, String pathAndQuery, Consumer<SseClient> check) throws Exception {
        for (int i = 0; i < 5; i++) {
            try (SseClient client = SseClient.to(application.uri(pathAndQuery)).open()) {
                client.awaitEnd(LIMIT);
                check.accept(client);
            }
        }
    }

    @OnEachContainer
    void shouldKeepNoPlaceOfARequestThatCannotBeWrittenTo(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("wrapped", 1);
        Filter breaking = (request, response, chain) -> {
            if (request.getParameter("break") != null) {
                response.getWriter();
            }
            chain.doFilter(request, response);
        };
        Map<String, String> settings =
                Map.of("kafka-broker-url", BROKER.bootstrapServers(), "topic", topic, "max-connections", "2");
        try (WebApplication application = start(kind, breaking, new KafkaSseServlet(), settings)) {
            askMoreOftenThanThereArePlaces(
                    application, "/kafka-sse/?break=1", broken -> assertEquals(500, broken.status()));
            try (SseClient client = SseClient.to(application.uri("/kafka-sse/")).open()) {
                client.awaitText("id: -1\n", LIMIT);
            }
        }
    }

    @OnEachContainer
    void shouldStartNothingForARequestWhoseResponseIsCommitted(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("wrapped", 1);
        Filter committing = (request, response, chain) -> {
            if (request.getParameter("commit") != null) {
                response.getOutputStream().write('<');
                response.flushBuffer();
            }
            chain.doFilter(request, response);
        };
        Map<String, String> settings =
                Map.of("kafka-broker-url", BROKER.bootstrapServers(), "topic", topic, "max-connections", "2");
        try (WebApplication application = start(kind, committing, new KafkaSseServlet(), settings)) {
            askMoreOftenThanThereArePlaces(
                    application,
                    "/kafka-sse/?commit=1",
                    committed -> assertFalse(committed.rawText().contains("too many"), committed::toString));
            assertEquals(Map.of(), Beans.only().feed(topic));
            try (SseClient client = SseClient.to(application.uri("/kafka-sse/")).open()) {
                client.awaitText("id: -1\n", LIMIT);
            }
        }
    }

    @OnEachContainer
    void shouldStreamAfterWhatAFilterHasWritten(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("wrapped", 1);
        Filter writing = (request, response, chain) -> {
            response.getOutputStream().write(": from the filter\n".getBytes(US_ASCII));
            chain.doFilter(request, response);
        };
        Map<String, String> settings = Map.of("kafka-broker-url", BROKER.bootstrapServers(), "topic", topic);
        try (WebApplication application = start(kind, writing, new KafkaSseServlet(), settings);
                SseClient client = SseClient.to(application.uri("/kafka-sse/")).open()) {
            client.awaitText(": from the filter\n", LIMIT);
            client.awaitText("id: -1\n", LIMIT);
            TOPICS.produce(topic, "key", "value");
            client.awaitText("data: value\n", LIMIT);
        }
    }

    @OnEachContainer
    void shouldSendTheHeadersOfAStreamWhateverAFilterSetsAfterTheServlet(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("wrapped", 1);
        Filter setting = (request, response, chain) -> {
            chain.doFilter(request, response);
            response.setContentType("text/html");
            ((HttpServletResponse) response).setHeader("Cache-Control", "max-age=60");
        };
        Map<String, String> settings = Map.of("kafka-broker-url", BROKER.bootstrapServers(), "topic", topic);
        try (WebApplication application = start(kind, setting, new KafkaSseServlet(), settings);
                SseClient client = SseClient.to(application.uri("/kafka-sse/")).open()) {
            client.awaitText("id: -1\n", LIMIT);
            assertEquals("no-store, no-transform", client.header("Cache-Control"));
            assertEquals(
                    "text/event-stream;charset=utf-8",
                    client.header("Content-Type").toLowerCase(Locale.ROOT));
        }
    }

    @OnEachContainer
    void shouldServeWithAnInstanceThatIsInitialisedAgain(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("wrapped", 1);
        Filter none = (request, response, chain) -> chain.doFilter(request, response);
        Map<String, String> settings = Map.of("kafka-broker-url", BROKER.bootstrapServers(), "topic", topic);
        try (WebApplication application = start(kind, none, new KafkaSseServlet(), settings)) {
            for (int i = 0; i < 2; i++) {
                try (SseClient client =
                        SseClient.to(application.uri("/kafka-sse/")).open()) {
                    client.awaitText("id: -1\n", LIMIT);
                }
                application.undeploy();
                application.deploy();
            }
        }
    }

    @OnEachContainer
    void shouldKeepNoPlaceOfARequestWhoseStreamBreaksWhileItBegins(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("wrapped", 1);
        Filter breaking = (request, response, chain) -> chain.doFilter(
                request,
                request.getParameter("break") == null
                        ? response
                        : new UnlistenedResponse((HttpServletResponse) response));
        Map<String, String> settings =
                Map.of("kafka-broker-url", BROKER.bootstrapServers(), "topic", topic, "max-connections", "2");
        try (WebApplication application = start(kind, breaking, new KafkaSseServlet(), settings)) {
            askMoreOftenThanThereArePlaces(
                    application,
                    "/kafka-sse/?break=1",
                    broken -> assertTrue(
                            broken.status() == 500 || broken.rawText().isEmpty(), broken::toString));
            try (SseClient client = SseClient.to(application.uri("/kafka-sse/")).open()) {
                client.awaitText("id: -1\n", LIMIT);
            }
        }
    }

    @OnEachContainer
    void shouldLimitTheStreamsOfAUserAndAskForHisRoles(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("wrapped", 1);
        String payroll = TOPICS.create("wrapped", 1);
        Filter logIn =
                (request, response, chain) -> chain.doFilter(new RequestOfUser((HttpServletRequest) request), response);
        Map<String, String> settings = Map.of(
                "kafka-broker-url",
                BROKER.bootstrapServers(),
                "topic",
                topic,
                "allowed-topics",
                payroll,
                "topic-roles",
                topic + "=**," + payroll + "=clerk",
                "max-connections-per-user",
                "1");
        try (WebApplication application = start(kind, logIn, new KafkaSseServlet(), settings)) {
            assertEquals(403, status(application, "", ""));
            assertEquals(403, status(application, payroll, "ann"));
            assertEquals(403, status(application, "?topic=" + topic + "," + payroll, "ann"));
            try (SseClient ann = ofUser(application, "", "ann");
                    SseClient clerk = ofUser(application, payroll, "clerk")) {
                ann.awaitText("id: -1\n", LIMIT);
                clerk.awaitText("id: -1\n", LIMIT);
                try (SseClient again = ofUser(application, "", "ann")) {
                    again.awaitEnd(LIMIT);
                    assertTrue(again.rawText().contains(": too many connections"), again::toString);
                }
            }
        }
    }

    private static SseClient ofUser(WebApplication application, String pathAndQuery, String user) throws Exception {
        return SseClient.to(application.uri("/kafka-sse/" + pathAndQuery))
                .header("X-User", user)
                .open();
    }

    private static int status(WebApplication application, String pathAndQuery, String user) throws Exception {
        try (SseClient client = ofUser(application, pathAndQuery, user)) {
            client.awaitEnd(LIMIT);
            return client.status();
        }
    }

    /** As a log-in module of an application makes it: the user is named by a header, and has a role of the same name. */
    private static final class RequestOfUser extends HttpServletRequestWrapper {
        private final String user;

        RequestOfUser(HttpServletRequest request) {
            super(request);
            user = request.getHeader("X-User");
        }

        @Override
        public Principal getUserPrincipal() {
            return user.isEmpty() ? null : () -> user;
        }

        @Override
        public boolean isUserInRole(String role) {
            return role.equals(user);
        }
    }

    /** Counts the bytes. */
    private static final class AuditedResponse extends HttpServletResponseWrapper {
        private final AtomicLong bytes;

        AuditedResponse(HttpServletResponse response, AtomicLong bytes) {
            super(response);
            this.bytes = bytes;
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            return new PassedOn(super.getOutputStream()) {
                @Override
                public void write(byte[] from, int offset, int length) throws IOException {
                    super.write(from, offset, length);
                    bytes.addAndGet(length);
                }
            };
        }
    }

    private static final class GzippedResponse extends HttpServletResponseWrapper {
        private static final int BUFFER_BYTES = 8192;

        private ServletOutputStream gzipped;

        GzippedResponse(HttpServletResponse response) {
            super(response);
            response.setHeader("Content-Encoding", "gzip");
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            if (gzipped == null) {
                ServletOutputStream out = super.getOutputStream();
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                GZIPOutputStream gzip = new GZIPOutputStream(bytes, BUFFER_BYTES, true);
                gzipped = new PassedOn(out) {
                    @Override
                    public void write(byte[] from, int offset, int length) throws IOException {
                        gzip.write(from, offset, length);
                    }

                    @Override
                    public void flush() throws IOException {
                        gzip.flush();
                        out.write(bytes.toByteArray());
                        bytes.reset();
                        // Jetty allows one call after each isReady().
                        if (out.isReady()) {
                            out.flush();
                        }
                    }
                };
            }
            return gzipped;
        }
    }

    /** Cannot be written to asynchronously. */
    private static final class UnlistenedResponse extends HttpServletResponseWrapper {
        UnlistenedResponse(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            return new PassedOn(super.getOutputStream()) {
                @Override
                public void setWriteListener(WriteListener listener) {
                    throw new UnsupportedOperationException("on purpose");
                }
            };
        }
    }

    private static class PassedOn extends ServletOutputStream {
        private final ServletOutputStream out;

        PassedOn(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            out.write(from, offset, length);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
