package com.opengrail.kafka.sse;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Streams Kafka topics as Server-Sent Events in front of an existing URL, so that one URL serves a page and its stream.
 * It does what {@link KafkaSseServlet} does, for the requests that ask for a stream.
 *
 * <p>A {@code GET} or {@code HEAD} asks for a stream if its {@code Accept} names {@code text/event-stream}.
 * {@code *}{@code /*}, {@code text/*}, no {@code Accept} at all, or a weight of zero do not name it (RFC 9110, 12.5.1).
 * The filter also answers preflights ({@code OPTIONS}) from an allowed origin that ask to read with the header
 * {@code Last-Event-ID}, which only the client of a stream sends, or with a header of the setting
 * {@code allowed-headers} and none that is not allowed. All other requests pass down the chain. The answer to a
 * {@code GET} or {@code HEAD} gets {@code Vary: Accept} in both cases.
 *
 * <pre>{@code
 * FilterRegistration.Dynamic filter = context.addFilter("orders", KafkaSseFilter.class);
 * filter.setInitParameter("topic", "orders");
 * filter.setAsyncSupported(true);
 * filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/orders.html");
 * }</pre>
 *
 * <p>The path belongs to the page. So the parameter {@code topic} names the topics, or else the setting {@code topic}.
 *
 * <p>The filter has the settings of the servlet, as init-params or environment variables. It needs
 * {@code async-supported}, as do the filters before it; the servlet behind it does not. The engine starts with the
 * application and ends with it.
 *
 * <p>Threads: as any filter, safe.
 */
public class KafkaSseFilter implements Filter {
    private @Nullable KafkaSse engine;
    private boolean ownsEngine;
    private @Nullable Runnable unregister;

    /** A filter that is set up by its init-params and the environment. */
    public KafkaSseFilter() {}

    /**
     * A filter in front of an engine, for {@code ServletContext.addFilter}. Init-params and environment are not read.
     * The application closes the engine; the filter does not.
     *
     * @param engine the engine
     * @throws NullPointerException if it is {@code null}
     */
    public KafkaSseFilter(KafkaSse engine) {
        this.engine = Objects.requireNonNull(engine, "engine == null");
    }

    /**
     * Reads the settings and starts the engine.
     *
     * @throws ServletException if a setting is unknown, does not parse or is out of range: one message names each such
     *     setting, its value, where it came from and what is allowed
     */
    @Override
    public void init(FilterConfig config) throws ServletException {
        // A container may initialise an instance again that it has destroyed.
        if (engine == null || ownsEngine) {
            engine = KafkaSseAssembly.engine(
                    config.getFilterName(),
                    config.getServletContext(),
                    config.getInitParameterNames(),
                    config::getInitParameter);
            ownsEngine = true;
        }
        try {
            unregister = engine.registerUntil(config.getServletContext(), config.getFilterName());
        } catch (RuntimeException | Error e) {
            // Not every container does that for one that could not be initialised.
            destroy();
            throw e;
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest httpRequest)
                || !(response instanceof HttpServletResponse httpResponse)) {
            chain.doFilter(request, response);
            return;
        }
        if (httpRequest.getMethod().equals("GET") || httpRequest.getMethod().equals("HEAD")) {
            httpResponse.addHeader("Vary", "Accept");
        }
        KafkaSse streams = Objects.requireNonNull(engine, "init has not been called");
        if (streams.isForStream(httpRequest, httpResponse)) {
            streams.streamOfParameter(httpRequest, httpResponse);
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Closes the engine. One that the application made stays open and is no longer registered for this filter. */
    @Override
    public void destroy() {
        if (engine != null && ownsEngine) {
            engine.close();
        } else if (unregister != null) {
            unregister.run();
        }
    }
}
