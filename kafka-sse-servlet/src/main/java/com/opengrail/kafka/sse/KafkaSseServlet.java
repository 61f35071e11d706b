package com.opengrail.kafka.sse;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Streams Kafka topics as Server-Sent Events. Register it with {@code async-supported}; browsers follow a topic with
 * {@code new EventSource(url)}.
 *
 * <p>Its settings are init-params, or environment variables that begin with {@code SSE_PROXY_}. Register it with
 * {@code load-on-startup}. Otherwise the container calls {@link #init()} at the first request, and a wrong setting
 * shows only then.
 *
 * <pre>{@code
 * ServletRegistration.Dynamic servlet = context.addServlet("orders", KafkaSseServlet.class);
 * servlet.setInitParameter("topic", "orders");
 * servlet.setAsyncSupported(true);
 * servlet.setLoadOnStartup(1);
 * servlet.addMapping("/orders/*");
 * }</pre>
 *
 * <p>Threads: as any servlet, safe.
 */
public class KafkaSseServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private transient @Nullable KafkaSse engine;
    private transient boolean ownsEngine;
    private transient @Nullable Runnable unregister;

    /** A servlet that is set up by its init-params and the environment. */
    public KafkaSseServlet() {}

    /**
     * A servlet in front of an engine, for {@code ServletContext.addServlet}. Init-params and environment are not read.
     * The application closes the engine; the servlet does not.
     *
     * @param engine the engine
     * @throws NullPointerException if it is {@code null}
     */
    public KafkaSseServlet(KafkaSse engine) {
        this.engine = Objects.requireNonNull(engine, "engine == null");
    }

    /**
     * Reads the settings and starts the engine.
     *
     * @throws ServletException if a setting is unknown, does not parse or is out of range: one message names each such
     *     setting, its value, where it came from and what is allowed
     */
    @Override
    public void init() throws ServletException {
        // A container may initialise an instance again that it has destroyed.
        if (engine == null || ownsEngine) {
            engine = KafkaSseAssembly.engine(
                    getServletName(), getServletContext(), getInitParameterNames(), this::getInitParameter);
            ownsEngine = true;
        }
        try {
            unregister = engine.registerUntil(getServletContext(), getServletName());
        } catch (RuntimeException | Error e) {
            // Not every container does that for one that could not be initialised.
            destroy();
            throw e;
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Objects.requireNonNull(engine, "init has not been called").stream(request, response);
    }

    /** Closes the engine. One that the application made stays open and is no longer registered for this servlet. */
    @Override
    public void destroy() {
        if (engine != null && ownsEngine) {
            engine.close();
        } else if (unregister != null) {
            unregister.run();
        }
    }
}
