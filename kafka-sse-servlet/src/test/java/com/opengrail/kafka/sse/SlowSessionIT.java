package com.opengrail.kafka.sse;

import com.opengrail.kafka.sse.testing.Await;
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
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;

/** A session whose store does not answer, such as a database that is asked at each call. It is the matter of its streams alone. */
class SlowSessionIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Topics TOPICS = KafkaBroker.shared().topics();

    private final CountDownLatch answers = new CountDownLatch(1);
    private final AtomicBoolean silent = new AtomicBoolean();
    private final AtomicBoolean allowed = new AtomicBoolean(true);

    @AfterEach
    void answer() {
        answers.countDown();
    }

    @OnEachContainer
    void shouldHoldUpNobodyElse(WebServer.Kind kind) throws Exception {
        String topic = TOPICS.create("slow-session", 1);
        try (KafkaSse engine = KafkaSse.builder()
                        .bootstrapServers(KafkaBroker.shared().bootstrapServers())
                        .topics(topic)
                        .keepAlive(Duration.ofMillis(200))
                        .recheck(Duration.ofSeconds(2))
                        .build();
                WebApplication application = WebApplication.start(kind, "/a", context -> setUp(context, engine));
                SseClient other = SseClient.to(application.uri("/a/sse/")).open();
                SseClient checked = SseClient.to(application.uri("/a/checked")).open();
                SseClient inSession =
                        SseClient.to(application.uri("/a/sse/?session=silent")).open()) {
            other.awaitText("stream-position", LIMIT);
            checked.awaitText("stream-position", LIMIT);
            inSession.awaitText("stream-position", LIMIT);
            silent.set(true);
            inSession.awaitEnd(LIMIT);
            int comments = other.comments().size();
            Await.until("keep-alives", LIMIT, () -> other.comments().size() > comments + 10, other::comments);
            allowed.set(false);
            checked.awaitEnd(LIMIT);
            TOPICS.produce(topic, "k", "still");
            other.awaitText("data: still\n", LIMIT);
        }
    }

    private void setUp(ServletContext context, KafkaSse engine) {
        Filter wrapping = (request, response, chain) -> {
            HttpServletRequest http = (HttpServletRequest) request;
            chain.doFilter(http.getParameter("session") == null ? http : withSession(http), response);
        };
        FilterRegistration.Dynamic filter = context.addFilter("wrapping", wrapping);
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        WebApplication.add(context, "sse", new KafkaSseServlet(engine), Map.of(), "/sse/*");
        HttpServlet checked = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                engine.stream(request, response, StreamOptions.defaults().withCheck(allowed::get));
            }
        };
        WebApplication.add(context, "checked", checked, Map.of(), "/checked");
    }

    private HttpServletRequest withSession(HttpServletRequest request) {
        HttpSession real = request.getSession();
        HttpSession session = (HttpSession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpSession.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getLastAccessedTime") && silent.get()) {
                        answers.await();
                    }
                    return method.invoke(real, arguments);
                });
        return new HttpServletRequestWrapper(request) {
            @Override
            public HttpSession getSession(boolean create) {
                return session;
            }
        };
    }
}
