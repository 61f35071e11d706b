package com.opengrail.kafka.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.internal.request.HttpRejection;
import com.opengrail.kafka.sse.internal.settings.HealthSettings;
import com.opengrail.kafka.sse.internal.settings.SettingsException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Answers the probes of load balancers and Kubernetes for all engines of its web application: 200 with
 * <code>{"status":"UP"}</code>, or 503 with <code>{"status":"DOWN"}</code>.
 *
 * <p>Map it to a path with {@code /*}, for instance {@code /health/*}. Under that path there is
 *
 * <ul>
 *   <li>{@code /live}, for a liveness probe: 503 if a thread that an engine needs has ended, which only a restart
 *       repairs. Unreachable brokers and a shutdown do not make it fail.
 *   <li>{@code /ready}, for a readiness probe or a load balancer: 503 if there is no engine, if one is being closed, if
 *       {@code /live} fails, or if all feeds of an engine are failing. It is 503 from the first moment of
 *       {@link KafkaSse#close()} on. An engine without feeds is ready.
 *   <li>{@code /ready?kafka=ignore}, the same without the feeds. Some load balancers answer 503 themselves when no
 *       server is left, and then a browser's EventSource gives up for good. There, unreachable brokers must not take
 *       all servers out of service.
 *   <li>nothing: the answer of {@code /ready}.
 * </ul>
 *
 * <p>With the init-param {@code details=true} the answer also has the state, the lag, the age of the brokers' last
 * answer, the clients and the failing partitions of each feed, and whether a quota throttles it. Then it names topics
 * and servlets, so do not make it public.
 *
 * <pre>{@code
 * ServletRegistration.Dynamic health = context.addServlet("health", new KafkaSseHealthServlet());
 * health.addMapping("/health/*");
 * }</pre>
 *
 * <p>It finds the engines that are registered with the application ({@link KafkaSse#register}). Each
 * {@link KafkaSseServlet} registers its engine when it starts, so give it {@code load-on-startup}.
 *
 * <p>Threads: as any servlet, safe. It never waits and never asks the brokers.
 */
public class KafkaSseHealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String ALLOW = "Allow";
    private static final String METHODS = "GET, HEAD, OPTIONS";

    private transient boolean details;

    /** A servlet with one init-param, {@code details}. */
    public KafkaSseHealthServlet() {}

    /**
     * Reads the init-param.
     *
     * @throws ServletException if {@code details} is neither {@code true} nor {@code false}, or if there is another
     *     init-param
     */
    @Override
    public void init() throws ServletException {
        Map<String, String> initParams = new HashMap<>();
        for (String name : Collections.list(getInitParameterNames())) {
            initParams.put(name, getInitParameter(name));
        }
        try {
            details = HealthSettings.details(initParams);
        } catch (SettingsException e) {
            throw new ServletException(e.getMessage(), e);
        }
    }

    /** Answers {@code GET} and {@code HEAD}. Without this, {@code TRACE} would send back cookies. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        switch (request.getMethod()) {
            case "GET", "HEAD":
                super.service(request, response);
                break;
            case "OPTIONS":
                response.setHeader(ALLOW, METHODS);
                response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                break;
            default:
                response.setHeader(ALLOW, METHODS);
                new HttpRejection(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Only " + METHODS + " are allowed")
                        .send(response);
                break;
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        KafkaSseHealthReport report = new KafkaSseHealthReport(KafkaSse.enginesOf(getServletContext()).stream()
                .map(KafkaSse::health)
                .toList());
        String asked = request.getPathInfo() == null ? "" : request.getPathInfo();
        switch (asked) {
            case "/live":
                answer(report, report.isLive(), response);
                break;
            case "", "/", "/ready":
                answer(report, report.isReady(!"ignore".equals(request.getParameter("kafka"))), response);
                break;
            default:
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
                break;
        }
    }

    private void answer(KafkaSseHealthReport report, boolean good, HttpServletResponse response) throws IOException {
        byte[] body = (details ? report.details(good) : KafkaSseHealthReport.status(good)).getBytes(UTF_8);
        response.setStatus(good ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
