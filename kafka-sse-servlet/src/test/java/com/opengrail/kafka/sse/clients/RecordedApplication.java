package com.opengrail.kafka.sse.clients;

import com.opengrail.kafka.sse.KafkaSseServlet;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The servlet, and a filter that remembers how each request has come.
 *
 * <p>Threads: any may ask.
 */
final class RecordedApplication implements ServletContextListener {

    /** The version of HTTP, the client's port, which tells connections apart, and what encodings the client accepts. */
    record Seen(String protocol, int clientPort, String acceptEncoding) {}

    private final Map<String, String> settings;
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

    RecordedApplication(Map<String, String> settings) {
        this.settings = settings;
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        FilterRegistration.Dynamic filter = event.getServletContext()
                .addFilter("recorder", (request, response, chain) -> {
                    HttpServletRequest http = (HttpServletRequest) request;
                    seen.add(new Seen(http.getProtocol(), http.getRemotePort(), http.getHeader("Accept-Encoding")));
                    chain.doFilter(request, response);
                });
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
        new WebServer.OneServlet(new KafkaSseServlet(), settings, true).contextInitialized(event);
    }
}
