package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.gzip.GzipStream;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.request.HttpRejection;
import com.opengrail.kafka.sse.internal.request.UnsentBytes;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The head of a response as it goes out, and the form that its body has therefore: compressed only if the head says so.
 *
 * <p>Threads: the holder's of the client. Other threads may ask for the compressors.
 */
final class StreamHead {
    private static final Logger LOG = LoggerFactory.getLogger(StreamHead.class);

    private final AsyncContext context;
    private final HttpServletResponse response;

    /** {@code null} if the stream is not compressed. */
    private volatile Compressors compressors;

    /** {@code null} before the stream has begun, and if it is not compressed. */
    private GzipStream gzip;

    StreamHead(AsyncContext context, Compressors wanted) {
        this.context = context;
        this.response = (HttpServletResponse) context.getResponse();
        this.compressors = wanted;
    }

    Compressors compressors() {
        return compressors;
    }

    /**
     * Sets the headers before the first write. Those of a response that others have committed stay as they are.
     *
     * @throws IllegalStateException if no stream can follow: Tomcat would take each write and send none of it
     */
    void begin() {
        boolean wasOut = isOut();
        if (EventStreamHeaders.isEncoded(response)) {
            // A filter compresses what passes through its response.
            compressors = null;
        }
        if (compressors != null && !wasOut) {
            UnsentBytes.drop(response);
        }
        // Again: filters may have set others after the chain.
        EventStreamHeaders.set(response, compressors != null && !wasOut);
        // A container that calls back within the chain lets a filter commit the response while the headers are set.
        if (wasOut || isOut() && !EventStreamHeaders.isEncoded(response)) {
            compressors = null;
        }
        gzip = compressors == null ? null : new GzipStream();
        if (response.containsHeader(EventStreamHeaders.LENGTH) || wasOut && isInputClosed()) {
            throw new IllegalStateException(
                    "A filter or the application has closed the response, or given it a length, before the stream began");
        }
    }

    /**
     * Tomcat does not tell that an output is closed. But it closes the input with it, and that can be asked. Only if all has been
     * read, so that the answer cannot wait for the client.
     */
    private boolean isInputClosed() {
        try {
            ServletInputStream in = context.getRequest().getInputStream();
            if (in.isFinished()) {
                in.read();
            }
            return false;
        } catch (IOException e) {
            return true;
        } catch (IllegalStateException e) {
            LOG.debug("Somebody reads the request in another way", e);
            return false;
        }
    }

    /** True if it is too late for another status than that of a stream. */
    boolean isOut() {
        return response.isCommitted();
    }

    byte[] refuse(HttpRejection rejection) {
        return rejection.prepare(response);
    }

    /** Gives the next bytes of the stream the form that the head has told. */
    void encode(Slice slice, Turn turn, boolean isLast) {
        if (gzip != null) {
            slice.compress(gzip, isLast);
            turn.hasWorked();
        }
    }
}
