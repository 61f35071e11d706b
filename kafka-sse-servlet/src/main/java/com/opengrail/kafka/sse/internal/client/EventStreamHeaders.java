package com.opengrail.kafka.sse.internal.client;

import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The status and headers of a stream. They tell proxies and caches not to store, change or delay it. */
final class EventStreamHeaders {
    static final String CONTENT_TYPE = "text/event-stream;charset=UTF-8";
    private static final String ENCODING = "Content-Encoding";
    static final String LENGTH = "Content-Length";

    /**
     * The size of the buffer that a container may keep for each stream. Jetty gathers writes in such a buffer outside
     * the heap, as long as the stream lasts. The default is 32 KB. Longer writes go out in pieces of this size, so a
     * smaller buffer would cost system calls. Tomcat has 8 KB in any case.
     */
    private static final int BUFFER_BYTES = 8 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(EventStreamHeaders.class);

    private EventStreamHeaders() {}

    static void set(HttpServletResponse response, boolean compressed) {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(CONTENT_TYPE);
        response.setHeader("Cache-Control", "no-store, no-transform");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Accel-Buffering", "no");
        if (compressed) {
            response.setHeader(ENCODING, "gzip");
        }
        if (response.containsHeader(LENGTH)) {
            // Somebody takes the stream for a page. Servlet 6.0 does not say how to take a length back; containers do
            // it so.
            response.setContentLengthLong(-1);
        }
        shrinkBuffer(response);
    }

    static boolean isEncoded(HttpServletResponse response) {
        return response.containsHeader(ENCODING);
    }

    private static void shrinkBuffer(HttpServletResponse response) {
        try {
            response.setBufferSize(BUFFER_BYTES);
        } catch (IllegalStateException e) {
            // A filter has written before (Servlet 6.0, 5.1): the stream then has the buffer that there is.
            LOG.debug("The response keeps its buffer of {} bytes", response.getBufferSize(), e);
        }
    }
}
