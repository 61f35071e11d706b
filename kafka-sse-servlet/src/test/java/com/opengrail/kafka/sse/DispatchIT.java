package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream is the answer to a request, and neither its error page nor a part of another page (Servlet 6.0, 9.3 and 10.9.2). */
class DispatchIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final KafkaBroker BROKER = KafkaBroker.shared();
    private static final Topics TOPICS = BROKER.topics();

    private static final class Page extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            boolean including = request.getParameter("include") != null;
            response.setContentType("text/plain");
            response.getOutputStream().print("before, ");
            if (including) {
                request.getRequestDispatcher("/stream/").include(request, response);
            }
            response.getOutputStream().print("after");
        }
    }

    private static final class Forwarding extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            request.getRequestDispatcher("/stream/").forward(request, response);
        }
    }

    private static final class Dispatching extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            request.startAsync().dispatch("/stream/");
        }
    }

    private static Map<String, String> settings(String topic) {
        return Map.of("kafka-broker-url", BROKER.bootstrapServers(), "topic", topic);
    }

    private static FilterRegistration.Dynamic add(
            ServletContext application, String name, Filter filter, EnumSet<DispatcherType> types) {
        FilterRegistration.Dynamic registration = application.addFilter(name, filter);
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(types, true, "/*");
        return registration;
    }

    @OnEachContainer
    void shouldLeaveThePageThatIncludesItAsItIs(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("dispatched", 1);
        try (WebApplication application = WebApplication.start(kind, "", context -> {
                    WebApplication.add(context, "page", new Page(), Map.of(), "/page");
                    WebApplication.add(context, "stream", new KafkaSseServlet(), settings(topic), "/stream/*");
                });
                SseClient client =
                        SseClient.to(application.uri("/page?include=")).open()) {
            client.awaitEnd(LIMIT);
            assertEquals("before, after", client.rawText());
        }
    }

    /** Whoever is refused by a filter for requests alone must not get the stream by way of the error page. */
    @ParameterizedTest
    @ValueSource(strings = {"/stream/", "/page", "/forwarding", "/dispatching"})
    void shouldNotAnswerARequestThatHasFailed(String errorPage) throws Exception {
        String topic = TOPICS.create("dispatched", 1);
        TOPICS.produce(topic, "k", "secret");
        try (WebApplication application = WebApplication.start(WebServer.Kind.JETTY, "", context -> {
                    ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
                    errors.addErrorPage(400, 599, errorPage);
                    ServletContextHandler.getServletContextHandler(context).setErrorHandler(errors);
                    add(
                            context,
                            "guard",
                            (request, response, chain) -> ((HttpServletResponse) response).sendError(401),
                            EnumSet.of(DispatcherType.REQUEST));
                    add(
                                    context,
                                    "filter",
                                    new KafkaSseFilter(),
                                    EnumSet.of(DispatcherType.REQUEST, DispatcherType.ERROR))
                            .setInitParameters(settings(topic));
                    WebApplication.add(context, "page", new Page(), Map.of(), "/page");
                    WebApplication.add(context, "forwarding", new Forwarding(), Map.of(), "/forwarding");
                    WebApplication.add(context, "dispatching", new Dispatching(), Map.of(), "/dispatching");
                    WebApplication.add(context, "stream", new KafkaSseServlet(), settings(topic), "/stream/*");
                });
                SseClient client = SseClient.to(application.uri("/any?offset=earliest"))
                        .header("Accept", "text/event-stream")
                        .open()) {
            client.awaitEnd(LIMIT);
            assertEquals(401, client.status());
            assertFalse(client.rawText().contains("secret"), client::toString);
        }
    }
}
