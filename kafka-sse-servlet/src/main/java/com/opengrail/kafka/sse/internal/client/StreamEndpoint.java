package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.cursor.Slice;
import com.opengrail.kafka.sse.internal.feed.Feeds;
import com.opengrail.kafka.sse.internal.feed.Membership;
import com.opengrail.kafka.sse.internal.gzip.AcceptEncoding;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.metrics.Refused;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests: with a stream or, where there can be none, with a status. A browser's EventSource gives up for good at any
 * status but 200 (HTML standard 9.2.2): only what a retry cannot mend gets another one.
 *
 * <p>Threads: safe; called by the container's threads, none of which waits for anything here.
 */
final class StreamEndpoint {
    /**
     * Streams end by {@code max-connection-millis} alone, so this is never reached. It is not 0, since requests without a
     * time limit are timed out by Tomcat while their application is being stopped, in between what {@code destroy} does.
     */
    private static final long TIME_LIMIT_MILLIS = TimeUnit.DAYS.toMillis(3650);

    private static final Logger LOG = LoggerFactory.getLogger(StreamEndpoint.class);

    /** Who finds no place comes back after this many times the usual reconnection time. */
    private static final int NO_PLACE_RETRY_FACTOR = 5;

    private static final String ACCEPT_ENCODING = "Accept-Encoding";
    private static final String TOO_MANY = "too many connections";

    private final RequestRules rules;
    private final Cors cors;
    private final Feeds feeds;
    private final Clients clients;

    /** {@code null} if nothing is compressed. */
    private final Compressors compressors;

    StreamEndpoint(RequestRules rules, Cors cors, Feeds feeds, Clients clients, Compressors compressors) {
        this.rules = rules;
        this.cors = cors;
        this.feeds = feeds;
        this.clients = clients;
        this.compressors = compressors;
    }

    /** Answers a request of any method. */
    void serve(HttpServletRequest request, HttpServletResponse response, CallOptions call) throws IOException {
        switch (request.getMethod()) {
            case "GET", "HEAD":
                cors.answer(request, response);
                Vary.add(response, "Accept", "Last-Event-ID");
                if (compressors != null) {
                    Vary.add(response, ACCEPT_ENCODING);
                }
                try {
                    stream(request, response, call);
                } catch (Rejection e) {
                    refuse(e, response);
                }
                break;
            case "OPTIONS":
                cors.options(request, response);
                break;
            default:
                cors.answer(request, response);
                response.setHeader("Allow", Cors.METHODS);
                refuse(
                        new Rejection(
                                HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Only " + Cors.METHODS + " are answered"),
                        response);
                break;
        }
    }

    private void refuse(Rejection rejection, HttpServletResponse response) throws IOException {
        clients.counters().refused(rejection.reason());
        rejection.send(response);
    }

    /**
     * Whether a request that may be for something else is for a stream: a {@code GET} or {@code HEAD} whose {@code Accept}
     * names it, or a preflight that only a stream's client sends.
     */
    boolean isForStream(HttpServletRequest request) {
        return switch (request.getMethod()) {
            case "GET", "HEAD" -> Accept.namesEventStream(request);
            case "OPTIONS" -> cors.isPreflightOfStream(request);
            default -> false;
        };
    }

    private void stream(HttpServletRequest request, HttpServletResponse response, CallOptions call)
            throws Rejection, IOException {
        if (cors.isFromOtherSite(request)) {
            throw new Rejection(HttpServletResponse.SC_FORBIDDEN, "Pages of other sites may not open this stream");
        }
        if (!Accept.takesEventStream(request)) {
            throw new Rejection(
                    HttpServletResponse.SC_NOT_ACCEPTABLE, "Only text/event-stream is given, which Accept excludes");
        }
        StreamRequest asked = StreamRequest.of(request, call, rules);
        if (!request.isAsyncSupported()) {
            LOG.error(
                    "Cannot stream {}: the servlet, or a filter before it, lacks <async-supported>true</async-supported>",
                    request.getRequestURI());
            throw new Rejection(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "This server is not set up for streams");
        }
        if (request.getMethod().equals("HEAD")) {
            if (compressorsFor(request) == null) {
                EventStreamHeaders.set(response);
            } else {
                EventStreamHeaders.setCompressed(response);
            }
            response.flushBuffer();
        } else {
            takePlace(request, response, call, asked);
        }
    }

    /** What compresses for a client, or {@code null} if it gets the stream as it is. */
    private Compressors compressorsFor(HttpServletRequest request) {
        if (compressors == null) {
            return null;
        }
        String accepted = String.join(",", Collections.list(request.getHeaders(ACCEPT_ENCODING)));
        return AcceptEncoding.takesGzip(accepted) ? compressors : null;
    }

    private void takePlace(
            HttpServletRequest request, HttpServletResponse response, CallOptions call, StreamRequest asked)
            throws IOException {
        // Fails where a filter has called getWriter, and then has cost nothing.
        response.getOutputStream();
        if (clients.isClosed()) {
            answerLater(response, Refused.CLOSING, TOO_MANY);
            return;
        }
        Place place = clients.places().take(request.getRemoteAddr(), userOf(request));
        if (place.refused() != null) {
            answerLater(response, place.refused(), TOO_MANY);
            return;
        }
        boolean begun = false;
        try {
            begun = begin(request, response, call, asked, place);
        } finally {
            if (!begun) {
                place.release();
            }
        }
    }

    private static String userOf(HttpServletRequest request) {
        Principal user = request.getUserPrincipal();
        return user == null ? null : user.getName();
    }

    /** Begins a stream for which there is a place, if there is one for its topics too. */
    private boolean begin(
            HttpServletRequest request,
            HttpServletResponse response,
            CallOptions call,
            StreamRequest asked,
            Place place)
            throws IOException {
        Membership membership = feeds.enter(asked.topics());
        if (membership == null) {
            answerLater(response, Refused.MAX_FEEDS, "too many different topics");
            return false;
        }
        Client client = null;
        Access access = Access.unlimited();
        try {
            access = access(request, call, asked);
            // The response of the caller, so that a filter that has wrapped it sees what is written.
            AsyncContext context = request.startAsync(request, response);
            context.setTimeout(TIME_LIMIT_MILLIS);
            client = clients.add(new StreamOpening(
                    membership, context, place, asked, call.wanted(), access, compressorsFor(request)));
            client.writer().start();
            membership.follow(asked.start(), asked.filter(), client);
        } catch (IOException | RuntimeException | Error e) {
            if (client == null) {
                membership.leave();
                clients.sessions().leave(access);
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

    private Access access(HttpServletRequest request, CallOptions call, StreamRequest asked) {
        // First, since it may throw.
        Access.until(request, call);
        long now = clients.now();
        SessionWatch session = clients.options().recheck().endWithSession()
                ? clients.sessions().watch(request, now)
                : null;
        return Access.of(request, call, session, rules.roles(), asked.topics(), now);
    }

    /** The client is to come back when there may be a place. */
    private void answerLater(HttpServletResponse response, Refused reason, String why) throws IOException {
        clients.counters().refused(reason);
        long millis = clients.spread(NO_PLACE_RETRY_FACTOR * clients.options().retryMillis());
        FrameBuffer block = new FrameBuffer();
        if (millis > 0) {
            block.retry(millis);
            response.setHeader("Retry-After", Long.toString((millis + 999) / 1000));
        }
        block.comment(why).end();
        EventStreamHeaders.set(response);
        response.getOutputStream().write(block.array(), 0, block.length());
    }
}
