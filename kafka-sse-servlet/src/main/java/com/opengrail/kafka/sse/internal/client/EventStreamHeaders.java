package com.opengrail.kafka.sse.internal.client;

import jakarta.servlet.http.HttpServletResponse;

/** The status and headers of a stream. They tell proxies and caches not to store, change or delay it. */
final class EventStreamHeaders {
    static final String CONTENT_TYPE = "text/event-stream;charset=UTF-8";

    /**
     * The size of the buffer that a container may keep for each stream. Jetty gathers writes in such a buffer outside
     * the heap, as long as the stream lasts. The default is 32 KB. Longer writes go out in pieces of this size, so a
     * smaller buffer would cost system calls. Tomcat has 8 KB in any case.
     */
    private static final int BUFFER_BYTES = 8 * 1024;

    private EventStreamHeaders() {}

    static void set(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(CONTENT_TYPE);
        response.setHeader("Cache-Control", "no-store, no-transform");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Accel-Buffering", "no");
        response.setBufferSize(BUFFER_BYTES);
    }

    /** The same for a stream that is compressed. */
    static void setCompressed(HttpServletResponse response) {
        set(response);
        response.setHeader("Content-Encoding", "gzip");
    }
}
