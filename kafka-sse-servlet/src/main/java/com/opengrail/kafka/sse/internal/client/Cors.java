package com.opengrail.kafka.sse.internal.client;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * What pages of other origins are told (Fetch standard, 3.2).
 *
 * @param allowed the origins that may read the streams
 * @param any whether every origin may
 * @param none whether no other origin may
 */
public record Cors(Predicate<String> allowed, boolean any, boolean none) {
    static final String METHODS = "GET, HEAD, OPTIONS";
    private static final String MAX_AGE_SECONDS = "86400";

    /** Says in any answer whether the page may read it. */
    void answer(HttpServletRequest request, HttpServletResponse response) {
        if (any) {
            response.setHeader("Access-Control-Allow-Origin", "*");
            return;
        }
        if (none) {
            return;
        }
        response.addHeader("Vary", "Origin");
        String origin = request.getHeader("Origin");
        if (origin != null && allowed.test(origin)) {
            response.setHeader("Access-Control-Allow-Origin", origin);
        }
    }

    /**
     * Whether a request is a preflight from an allowed origin that only a stream's client sends: it asks to read with the
     * header {@code Last-Event-ID}.
     */
    boolean isPreflightOfStream(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        String method = request.getHeader("Access-Control-Request-Method");
        String headers = request.getHeader("Access-Control-Request-Headers");
        return origin != null
                && ("GET".equals(method) || "HEAD".equals(method))
                && headers != null
                && Arrays.stream(headers.split(","))
                        .anyMatch(name -> name.trim().equalsIgnoreCase("Last-Event-ID"))
                && (any || allowed.test(origin));
    }

    /** Answers {@code OPTIONS}, which may be a preflight. */
    void options(HttpServletRequest request, HttpServletResponse response) {
        answer(request, response);
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Allow", METHODS);
        boolean preflight = request.getHeader("Access-Control-Request-Method") != null;
        if (preflight && response.getHeader("Access-Control-Allow-Origin") != null) {
            response.setHeader("Access-Control-Allow-Methods", "GET, HEAD");
            response.setHeader("Access-Control-Allow-Headers", "Last-Event-ID, Cache-Control");
            response.setHeader("Access-Control-Max-Age", MAX_AGE_SECONDS);
        }
    }
}
