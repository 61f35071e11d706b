package com.opengrail.kafka.sse.internal.request;

import com.opengrail.kafka.sse.internal.gzip.AcceptEncoding;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;

/**
 * Reads requests, refuses those that cannot have a stream, and answers those that need none.
 *
 * <p>Threads: safe.
 */
public final class RequestReader {
    private static final String ACCEPT_ENCODING = "Accept-Encoding";

    private final RequestRules rules;
    private final Cors cors;
    private final boolean gzip;

    /**
     * One for all requests.
     *
     * @param gzip true if streams may be compressed
     */
    public RequestReader(RequestRules rules, Cors cors, boolean gzip) {
        this.rules = rules;
        this.cors = cors;
        this.gzip = gzip;
    }

    /** An error page may pass its request on, by a forward or an asynchronous dispatch. The status stays. */
    public static boolean hasFailed(HttpServletRequest request, HttpServletResponse response) {
        return request.getDispatcherType() == DispatcherType.ERROR
                || response.getStatus() >= HttpServletResponse.SC_BAD_REQUEST;
    }

    /**
     * True if a request is for a stream and not for a page at the same URL: a {@code GET} or {@code HEAD} whose
     * {@code Accept} names an event stream, or a preflight of the client of a stream. An error page or a part of a page is
     * no stream.
     */
    public boolean isForStream(HttpServletRequest request, HttpServletResponse response) {
        if (request.getDispatcherType() == DispatcherType.INCLUDE || hasFailed(request, response)) {
            return false;
        }
        return switch (request.getMethod()) {
            case "GET", "HEAD" -> Accept.namesEventStream(request);
            case "OPTIONS" -> cors.isPreflightOfStream(request);
            default -> false;
        };
    }

    /** Says what each answer has to say, and answers {@code OPTIONS}. True if a stream is asked for. */
    public boolean receive(HttpServletRequest request, HttpServletResponse response) throws HttpRejection {
        switch (request.getMethod()) {
            case "GET", "HEAD":
                cors.answer(request, response);
                Vary.add(response, "Accept", "Last-Event-ID", WebKit.USER_AGENT);
                if (gzip) {
                    Vary.add(response, ACCEPT_ENCODING);
                }
                return true;
            case "OPTIONS":
                cors.options(request, response);
                return false;
            default:
                cors.answer(request, response);
                response.setHeader("Allow", Cors.METHODS);
                throw new HttpRejection(
                        HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Only " + Cors.METHODS + " are allowed");
        }
    }

    public StreamRequest read(HttpServletRequest request, CallOptions call) throws HttpRejection {
        if (cors.isFromOtherSite(request)) {
            throw new HttpRejection(HttpServletResponse.SC_FORBIDDEN, "Pages of other sites may not open this stream");
        }
        if (!Accept.takesEventStream(request)) {
            throw new HttpRejection(
                    HttpServletResponse.SC_NOT_ACCEPTABLE, "Only text/event-stream is served, and Accept excludes it");
        }
        return StreamRequest.of(request, call, rules);
    }

    public boolean takesGzip(HttpServletRequest request) {
        return gzip
                && AcceptEncoding.takesGzip(String.join(",", Collections.list(request.getHeaders(ACCEPT_ENCODING))));
    }
}
