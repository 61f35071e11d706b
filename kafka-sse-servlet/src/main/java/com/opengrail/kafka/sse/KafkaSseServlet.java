package com.opengrail.kafka.sse;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;

/**
 * Streams Kafka topics as Server-Sent Events: register it, with {@code async-supported}, and browsers follow a topic with
 * {@code new EventSource(url)}.
 *
 * <p>Its init-params, or environment variables beginning with {@code SSE_PROXY_}, say what is streamed and from where.
 * Register it with {@code load-on-startup}: without, the container calls {@link #init()} at the first request only, and
 * a wrong setting shows then.
 *
 * <p>Threads: as any servlet, safe.
 */
public class KafkaSseServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private transient KafkaSse engine;

    /** A servlet that is set up by its init-params and the environment. */
    public KafkaSseServlet() {}

    /**
     * A servlet in front of an engine, for {@code ServletContext.addServlet}. Init-params and environment are not looked
     * at. The engine is closed when the servlet is destroyed.
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
        if (engine == null) {
            engine = engineFromSettings();
        }
        engine.register(getServletContext(), getServletName());
    }

    private KafkaSse engineFromSettings() throws ServletException {
        return KafkaSseDoor.start(
                getServletName(), getServletContext(), getInitParameterNames(), this::getInitParameter);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        engine.stream(request, response);
    }

    /** Ends all streams and the engine. */
    @Override
    public void destroy() {
        if (engine != null) {
            engine.close();
        }
    }
}
