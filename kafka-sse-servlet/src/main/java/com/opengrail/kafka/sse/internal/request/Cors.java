package com.opengrail.kafka.sse.internal.request;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What pages of other origins may do (Fetch standard, 3.2), and which requests are refused before they cost anything.
 *
 * @param allowed the origins that may read the streams
 * @param any true if every origin may
 * @param credentials true if their requests may have cookies
 * @param headers the headers that they may send besides those that streams need
 */
public record Cors(Predicate<String> allowed, boolean any, boolean credentials, List<String> headers) {
    static final String METHODS = "GET, HEAD, OPTIONS";
    private static final String MAX_AGE_SECONDS = "86400";
    private static final String ID_HEADER = "Last-Event-ID";
    private static final String STREAM_HEADERS = ID_HEADER + ", Cache-Control";
    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final String ORIGIN = "Origin";
    private static final String SITE = "Sec-Fetch-Site";
    private static final String MODE = "Sec-Fetch-Mode";
    private static final String ASKED_METHOD = "Access-Control-Request-Method";
    private static final String ASKED_HEADERS = "Access-Control-Request-Headers";

    /** Says in an answer of any kind whether the page may read it. */
    void answer(HttpServletRequest request, HttpServletResponse response) {
        Vary.add(response, ORIGIN, SITE, MODE);
        if (any) {
            response.setHeader(ALLOW_ORIGIN, "*");
        } else if (isAllowed(request)) {
            response.setHeader(ALLOW_ORIGIN, request.getHeader(ORIGIN));
            if (credentials) {
                response.setHeader("Access-Control-Allow-Credentials", "true");
            }
        }
    }

    /**
     * True if a page of another site caused the request without being allowed to (Fetch Metadata). Otherwise a
     * {@code <script>} of any page could open streams. The page could not read them, but they would cost the server. To
     * follow a link is allowed.
     */
    boolean isFromOtherSite(HttpServletRequest request) {
        String site = request.getHeader(SITE);
        return ("cross-site".equals(site) || "same-site".equals(site))
                && !"navigate".equals(request.getHeader(MODE))
                && !isAllowed(request);
    }

    private boolean isAllowed(HttpServletRequest request) {
        String origin = request.getHeader(ORIGIN);
        return origin != null && allowed.test(origin);
    }

    /** Lets the page read a header of an answer that it may read. */
    public static void expose(HttpServletResponse response, String header) {
        if (response.containsHeader(ALLOW_ORIGIN)) {
            response.setHeader("Access-Control-Expose-Headers", header);
        }
    }

    /**
     * True if a request is a preflight from an allowed origin for a stream: it asks to read with the header
     * {@code Last-Event-ID}, which only the client of a stream sends; or it asks for one of the headers of the settings, and
     * for none that is not allowed.
     */
    boolean isPreflightOfStream(HttpServletRequest request) {
        String method = request.getHeader(ASKED_METHOD);
        String asked = request.getHeader(ASKED_HEADERS);
        if (asked == null || !("GET".equals(method) || "HEAD".equals(method)) || !isAllowed(request)) {
            return false;
        }
        Set<String> names = names(asked);
        return names.contains(ID_HEADER)
                || headers.stream().anyMatch(names::contains)
                        && names(allowedHeaders()).containsAll(names);
    }

    private static Set<String> names(String list) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : list.split(",")) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }

    private String allowedHeaders() {
        return headers.isEmpty() ? STREAM_HEADERS : STREAM_HEADERS + ", " + String.join(", ", headers);
    }

    /** Answers {@code OPTIONS}, which may be a preflight. */
    void options(HttpServletRequest request, HttpServletResponse response) {
        answer(request, response);
        Vary.add(response, ASKED_METHOD, ASKED_HEADERS);
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Allow", METHODS);
        if (request.getHeader(ASKED_METHOD) != null && isAllowed(request)) {
            response.setHeader("Access-Control-Allow-Methods", "GET, HEAD");
            response.setHeader("Access-Control-Allow-Headers", allowedHeaders());
            response.setHeader("Access-Control-Max-Age", MAX_AGE_SECONDS);
        }
    }
}
