package com.opengrail.kafka.sse.internal.client;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Locale;

/** The header {@code Accept} (RFC 9110, 12.5.1), as far as it is about an event stream. */
final class Accept {
    private static final int MAX_CHARACTERS = 8192;

    private Accept() {}

    /** Whether the client takes an event stream: the most specific range that covers it has a weight above zero. */
    static boolean takesEventStream(HttpServletRequest request) {
        String header = String.join(",", Collections.list(request.getHeaders("Accept")));
        if (header.isBlank() || header.length() > MAX_CHARACTERS) {
            return header.isBlank();
        }
        int best = -1;
        boolean taken = false;
        for (String range : header.split(",")) {
            String[] parts = range.split(";");
            int specific = specificity(parts[0].trim().toLowerCase(Locale.ROOT));
            if (specific > best) {
                best = specific;
                taken = !isRefused(parts);
            }
        }
        return taken;
    }

    private static int specificity(String mediaRange) {
        return switch (mediaRange) {
            case "text/event-stream" -> 2;
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
