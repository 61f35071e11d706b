package com.opengrail.kafka.sse.internal.client;

import jakarta.servlet.http.HttpServletResponse;

/** The status and headers of a stream: nobody on the way is to keep, change or hold back what passes. */
final class EventStreamHeaders {
    static final String CONTENT_TYPE = "text/event-stream;charset=UTF-8";

    private EventStreamHeaders() {}

    static void set(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(CONTENT_TYPE);
        response.setHeader("Cache-Control", "no-cache, no-transform");
        response.setHeader("X-Accel-Buffering", "no");
    }
}
