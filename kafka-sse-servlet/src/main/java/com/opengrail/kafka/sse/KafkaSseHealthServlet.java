package com.opengrail.kafka.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Tells load balancers and Kubernetes how the engines of its web application are: 200 or 503, and as JSON the state, the
 * lag, the age of the brokers' last answer and the clients of each feed.
 *
 * <p>Map it to a path with {@code /*}, for instance {@code /health/*}. Under that path there is
 *
 * <ul>
 *   <li>{@code /live}, for a liveness probe: 503 if a thread that an engine needs has ended, which only a restart mends.
 *       Neither brokers that are away nor a shutdown make it fail.
 *   <li>{@code /ready}, for a readiness probe or a load balancer: 503 if there is no engine, if one is being closed (from
 *       the first moment of {@link KafkaSse#close()} on, before any stream is ended), if {@code /live} fails, or if all
 *       feeds of an engine are failing. An engine without feeds is ready, since nobody has asked it for a topic yet and
 *       the brokers are not known to be away.
 *   <li>{@code /ready?kafka=ignore}, the same without the feeds: where a load balancer with no server left answers 503
 *       itself, on which a browser's EventSource gives up for good, brokers that are away must not take away all servers.
 *   <li>nothing: the answer of {@code /ready}.
 * </ul>
 *
 * <p>It finds the engines that are registered with the application ({@link KafkaSse#register}), as those of each
 * {@link KafkaSseServlet} are once it is started: give that one {@code load-on-startup}. The answer names topics and
 * servlets; give it to those who may know them.
 *
 * <p>Threads: as any servlet, safe. It waits for nothing, and never asks the brokers.
 */
public class KafkaSseHealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** A servlet without settings. */
    public KafkaSseHealthServlet() {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        KafkaSseHealth health = new KafkaSseHealth(KafkaSse.enginesOf(getServletContext()));
        String asked = request.getPathInfo() == null ? "" : request.getPathInfo();
        switch (asked) {
            case "/live":
                answer(health, health.isLive(), response);
                break;
            case "", "/", "/ready":
                answer(health, health.isReady(!"ignore".equals(request.getParameter("kafka"))), response);
                break;
            default:
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
                break;
        }
    }

    private static void answer(KafkaSseHealth health, boolean good, HttpServletResponse response) throws IOException {
        byte[] body = health.toJson(good).getBytes(UTF_8);
        response.setStatus(good ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
