package com.opengrail.kafka.sse.internal.request;

import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What filters have written to a response and the container has not sent yet. */
public final class UnsentBytes {
    private static final Logger LOG = LoggerFactory.getLogger(UnsentBytes.class);

    private UnsentBytes() {}

    /**
     * Drops them, where the answer cannot follow other bytes. Those of a response that a filter has wrapped stay: they may belong
     * to the answer, such as a head of gzip.
     */
    public static void drop(HttpServletResponse response) {
        if (response instanceof ServletResponseWrapper || response.isCommitted()) {
            return;
        }
        try {
            response.resetBuffer();
        } catch (IllegalStateException e) {
            LOG.debug("The response has just been committed", e);
        }
    }
}
