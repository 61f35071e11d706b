package com.opengrail.kafka.sse.internal.request;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Locale;

/** Reads the header {@code Accept} (RFC 9110, 12.5.1) as far as it concerns event streams. */
final class Accept {
    private static final int MAX_CHARACTERS = 8192;
    private static final int NAMED = 2;

    private Accept() {}

    /** True if the client accepts an event stream: the most specific range that covers it has a weight above zero. */
    static boolean takesEventStream(HttpServletRequest request) {
        String header = header(request);
        return header.isBlank() || mostSpecific(header) >= 0;
    }

    /**
     * True if the client names an event stream with a weight above zero. A range such as {@code text/*} does not name
     * it.
     */
    static boolean namesEventStream(HttpServletRequest request) {
        return mostSpecific(header(request)) == NAMED;
    }

    private static String header(HttpServletRequest request) {
        return String.join(",", Collections.list(request.getHeaders("Accept")));
    }

    /**
     * The specificity of the most specific range that covers an event stream; -1 if there is none or its weight is
     * zero.
     */
    private static int mostSpecific(String header) {
        if (header.length() > MAX_CHARACTERS) {
            return -1;
        }
        int best = -1;
        boolean refused = true;
        for (String range : header.split(",")) {
            String[] parts = range.split(";", -1);
            int specific = specificity(parts[0].trim().toLowerCase(Locale.ROOT));
            if (specific > best) {
                best = specific;
                refused = isRefused(parts);
            }
        }
        return refused ? -1 : best;
    }

    private static int specificity(String mediaRange) {
        return switch (mediaRange) {
            case "text/event-stream" -> NAMED;
            case "text/*" -> 1;
            case "*/*" -> 0;
            default -> -1;
        };
    }

    private static boolean isRefused(String[] parameters) {
        for (int i = 1; i < parameters.length; i++) {
            if (parameters[i].trim().toLowerCase(Locale.ROOT).matches("q\\s*=\\s*0(\\.0{0,3})?")) {
                return true;
            }
        }
        return false;
    }
}
