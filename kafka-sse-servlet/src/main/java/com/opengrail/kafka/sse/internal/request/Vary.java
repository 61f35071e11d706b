package com.opengrail.kafka.sse.internal.request;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Writes the header {@code Vary} (RFC 9110, 12.5.5). Filters may have set it before. */
final class Vary {
    private static final String VARY = "Vary";

    private Vary() {}

    /** Adds request headers on which the answer depends, each once. */
    static void add(HttpServletResponse response, String... headers) {
        List<String> named = new ArrayList<>();
        for (String value : response.getHeaders(VARY)) {
            Arrays.stream(value.split(",")).map(String::trim).forEach(named::add);
        }
        List<String> known =
                named.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        for (String header : headers) {
            if (!known.contains(header.toLowerCase(Locale.ROOT)) && !known.contains("*")) {
                named.add(header);
            }
        }
        // Thousands of open responses hold the same value: one string for all.
        response.setHeader(VARY, String.join(", ", named).intern());
    }
}
