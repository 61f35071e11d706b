package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.cursor.Slice;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.gzip.GzipStream;
import com.opengrail.kafka.sse.internal.match.Turn;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;

/**
 * The head of a response as it goes out, and the form that its body has therefore: compressed only if the head says so.
 *
 * <p>Threads: the holder's of the client. Other threads may ask for the compressors.
 */
final class StreamHead {
    private final HttpServletResponse response;

    /** {@code null} if the stream is not compressed. */
    private volatile Compressors compressors;

    /** {@code null} before the stream has begun, and if it is not compressed. */
    private GzipStream gzip;

    StreamHead(AsyncContext context, Compressors wanted) {
        this.response = (HttpServletResponse) context.getResponse();
        this.compressors = wanted;
    }

    Compressors compressors() {
        return compressors;
    }

    /** Sets the headers before the first write. Those of a response that others have committed stay as they are. */
    void begin() {
        boolean wasOut = isOut();
        // Again: filters may have set others after the chain.
        EventStreamHeaders.set(response, compressors != null && !wasOut);
        // A container that calls back within the chain lets a filter commit the response while the headers are set.
        if (wasOut || isOut() && !response.containsHeader(EventStreamHeaders.ENCODING)) {
            compressors = null;
        }
        gzip = compressors == null ? null : new GzipStream();
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
