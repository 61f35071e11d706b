package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.access.Access;
import com.opengrail.kafka.sse.internal.access.EndReason;
import com.opengrail.kafka.sse.internal.access.SessionWatch;
import com.opengrail.kafka.sse.internal.access.Sessions;
import com.opengrail.kafka.sse.internal.access.Slot;
import com.opengrail.kafka.sse.internal.feed.Feeds;
import com.opengrail.kafka.sse.internal.feed.Membership;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.log.QuietLog;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.metrics.RefusalReason;
import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.request.Cors;
import com.opengrail.kafka.sse.internal.request.HttpRejection;
import com.opengrail.kafka.sse.internal.request.RequestReader;
import com.opengrail.kafka.sse.internal.request.RequestRules;
import com.opengrail.kafka.sse.internal.request.StreamRequest;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests with a stream, or with a status if there can be none. A browser's EventSource gives up for good at
 * any status but 200 (HTML standard 9.2.2). So a request gets another status only if a retry cannot help.
 *
 * <p>Threads: safe. Called by the container's threads, which never wait here.
 */
final class StreamEndpoint {
    /**
     * No stream reaches this limit: {@code max-connection-millis} limits streams. It is not 0, because Tomcat times out
     * requests without a limit while it stops their application, at the same time as {@code destroy}.
     */
    private static final long TIME_LIMIT_MILLIS = TimeUnit.DAYS.toMillis(3650);

    private static final Logger LOG = LoggerFactory.getLogger(StreamEndpoint.class);

    /** A client that gets no slot comes back after this many times the usual reconnection time. */
    private static final int NO_SLOT_RETRY_FACTOR = 5;

    private static final String RETRY_AFTER = "Retry-After";

    /** Requests come as often as strangers like. */
    private final QuietLog setUp;

    private final RequestRules rules;
    private final RequestReader requests;
    private final Feeds feeds;
    private final Clients clients;

    /** {@code null} if nothing is compressed. */
    private final Compressors compressors;

    StreamEndpoint(RequestRules rules, Cors cors, Feeds feeds, Clients clients, Compressors compressors) {
        this.rules = rules;
        this.requests = new RequestReader(rules, cors, compressors != null);
        this.feeds = feeds;
        this.clients = clients;
        this.setUp = new QuietLog(LOG, clients::now);
        this.compressors = compressors;
    }

    /** Answers a request of any method. */
    void serve(HttpServletRequest request, HttpServletResponse response, CallOptions call) throws IOException {
        if (request.getDispatcherType() == DispatcherType.INCLUDE) {
            setUp.error("Cannot stream " + request.getRequestURI() + " as a part of another page");
            return;
        }
        if (RequestReader.hasFailed(request, response)) {
            // With 200 it would give everybody what was refused before.
            int status = Math.max(response.getStatus(), HttpServletResponse.SC_BAD_REQUEST);
            new HttpRejection(status, "The request has failed, so there is no stream").send(response);
            return;
        }
        try {
            if (requests.receive(request, response)) {
                stream(request, response, call);
            }
        } catch (HttpRejection e) {
            clients.counters().refused(e.reason());
            e.send(response);
        }
    }

    boolean isForStream(HttpServletRequest request, HttpServletResponse response) {
        return requests.isForStream(request, response);
    }

    private void stream(HttpServletRequest request, HttpServletResponse response, CallOptions call)
            throws HttpRejection, IOException {
        StreamRequest asked = requests.read(request, call);
        if (!request.isAsyncSupported()) {
            setUp.error("Cannot stream " + request.getRequestURI()
                    + ": the servlet, or a filter before it, lacks <async-supported>true</async-supported>");
            throw new HttpRejection(
                    HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "This server is not set up for streams");
        }
        if (request.getMethod().equals("HEAD")) {
            answerHead(request, response);
        } else {
            takeSlot(request, response, call, asked);
        }
    }

    /** It takes no slot and asks the brokers nothing, so that anybody may ask as often as they like. */
    private void answerHead(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean isFree = !clients.isClosed() && clients.slots().isFree(request.getRemoteAddr(), Access.userOf(request));
        if (!isFree) {
            retryLater(response);
        }
        boolean compressed = isFree && compressorsFor(request) != null && !EventStreamHeaders.isEncoded(response);
        EventStreamHeaders.set(response, compressed);
        response.flushBuffer();
    }

    /** The compressors for a client, or {@code null} if its stream is not compressed. */
    private Compressors compressorsFor(HttpServletRequest request) {
        return requests.takesGzip(request) ? compressors : null;
    }

    private void takeSlot(
            HttpServletRequest request, HttpServletResponse response, CallOptions call, StreamRequest asked)
            throws HttpRejection, IOException {
        // What fails here has started nothing.
        if (response.isCommitted()) {
            throw new IllegalStateException("The response is committed already, so it cannot become a stream");
        }
        // Fails if a filter has called getWriter.
        response.getOutputStream();
        if (clients.isClosed()) {
            answerLater(response, RefusalReason.CLOSING, "closing", asked);
            return;
        }
        Slot slot = clients.slots().take(request.getRemoteAddr(), Access.userOf(request));
        if (slot.refused() != null) {
            answerLater(response, slot.refused(), "too many connections", asked);
            return;
        }
        boolean begun = false;
        try {
            begun = begin(request, response, call, asked, slot);
        } finally {
            if (!begun) {
                slot.release();
            }
        }
    }

    /** Begins a stream that has its slot. True unless there are too many feeds. */
    private boolean begin(
            HttpServletRequest request, HttpServletResponse response, CallOptions call, StreamRequest asked, Slot slot)
            throws HttpRejection, IOException {
        Membership membership = feeds.enter(asked.topics(), slot.payer());
        if (membership == null) {
            answerLater(response, RefusalReason.MAX_FEEDS, "too many different topics", asked);
            return false;
        }
        Client client = null;
        AsyncContext context = null;
        SessionWatch session = null;
        try {
            long now = clients.now();
            session = watch(request, now);
            Access access = Access.of(request, call, session, rules.roles(), asked.topics(), now);
            // If the container ends the request before the stream begins, the client must see a stream that has ended.
            EventStreamHeaders.set(response, false);
            // With the caller's response, so that a filter that has wrapped it sees what is written.
            context = request.startAsync(request, response);
            context.setTimeout(TIME_LIMIT_MILLIS);
            Instant openedAt = rules.clock().instant();
            Compressors ofClient = compressorsFor(request);
            client = clients.add(new StreamOpening(membership, context, slot, asked, call, access, ofClient, openedAt));
            client.writer().start();
            membership.follow(asked.start(), client);
        } catch (Throwable e) {
            if (client == null) {
                membership.leave();
                clients.sessions().leave(session);
                end(context, response);
            } else {
                client.writer().onError(e);
            }
            throw e;
        }
        if (clients.isClosed()) {
            client.end(EndReason.CLOSING, new Slice());
        }
        return true;
    }

    /** Jetty waits for the end of a request that is asynchronous already, whatever its servlet throws. */
    private static void end(AsyncContext started, HttpServletResponse response) {
        if (started != null) {
            if (!response.isCommitted()) {
                response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            }
            started.complete();
        }
    }

    /** The watch on the session of a request, or {@code null} if the stream does not depend on one. */
    private SessionWatch watch(HttpServletRequest request, long now) throws HttpRejection {
        if (!clients.options().endWithSession()) {
            return null;
        }
        SessionWatch session = clients.sessions().watch(request, now);
        if (session == null && Sessions.hasEnded(request)) {
            throw new HttpRejection(HttpServletResponse.SC_FORBIDDEN, "The session has ended");
        }
        return session;
    }

    private void answerLater(HttpServletResponse response, RefusalReason reason, String why, StreamRequest asked)
            throws IOException {
        clients.counters().refused(reason);
        long millis = retryLater(response);
        FrameBuffer block = StreamBlocks.later(millis, why, asked.cutAt());
        EventStreamHeaders.set(response, false);
        response.getOutputStream().write(block.array(), 0, block.length());
    }

    /** Says when to come back. Returns the time, in milliseconds; 0 for the client's own. */
    private long retryLater(HttpServletResponse response) {
        long millis = Clients.spread(NO_SLOT_RETRY_FACTOR * clients.options().retryMillis());
        if (millis > 0) {
            response.setHeader(RETRY_AFTER, Long.toString((millis + 999) / 1000));
            Cors.expose(response, RETRY_AFTER);
        }
        return millis;
    }
}
