package com.opengrail.kafka.sse.internal.client;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a stream is allowed on, and is ended without: a session, roles, the application's check, a time.
 *
 * <p>The container's request may be asked until it is completed (Servlet 6.0, 2.3.3.3). A question that comes later finds a
 * request without a user or fails, and the stream that it was about is over.
 *
 * <p>Threads: the timer's, but for what runs on a thread of {@link Rechecks}.
 */
final class Access {
    /** The attribute of a request by which a filter sets the end of the stream. */
    static final String UNTIL = "com.opengrail.kafka.sse.until";

    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    private final HttpServletRequest request;
    private final SessionWatch session;
    private final Recheck recheck;
    private final Instant until;

    private Access(HttpServletRequest request, SessionWatch session, Recheck recheck, Instant until) {
        this.request = request;
        this.session = session;
        this.recheck = recheck;
        this.until = until;
    }

    /** What nobody limits. */
    static Access unlimited() {
        return new Access(null, null, null, null);
    }

    /**
     * What a request is allowed on.
     *
     * @param session the watch on its session, or {@code null}
     * @param roles for which topics roles are needed
     * @param topics what it asks for
     */
    static Access of(
            HttpServletRequest request,
            CallOptions call,
            SessionWatch session,
            TopicRoles roles,
            List<String> topics,
            long now) {
        boolean needsRole = !roles.isForAll(topics);
        Supplier<EndReason> question = () -> ask(needsRole ? request : null, roles, topics, call.check());
        return new Access(
                session == null ? null : request,
                session,
                needsRole || call.check() != null ? new Recheck(question, now) : null,
                until(request, call));
    }

    private static EndReason ask(
            HttpServletRequest request, TopicRoles roles, List<String> topics, BooleanSupplier check) {
        try {
            // Some frameworks know the user on the request's own thread only. There the roles are those of the start.
            if (request != null && request.getUserPrincipal() != null && !roles.mayRead(request, topics)) {
                return EndReason.ROLE;
            }
            return check == null || check.getAsBoolean() ? null : EndReason.CHECK;
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("A stream is ended, since its access could not be checked", e);
            return EndReason.CHECK_FAILED;
        }
    }

    /** When a request's stream ends, by what code and filters say; {@code null} if they say nothing. */
    static Instant until(HttpServletRequest request, CallOptions call) {
        Object attribute = request.getAttribute(UNTIL);
        if (attribute == null) {
            return call.until();
        }
        if (!(attribute instanceof Instant given)) {
            throw new IllegalStateException("The request attribute " + UNTIL + " is no java.time.Instant: "
                    + attribute.getClass().getName());
        }
        return call.until() == null || given.isBefore(call.until()) ? given : call.until();
    }

    Instant until() {
        return until;
    }

    /** The watch on the session in which the stream was opened, or {@code null}. */
    SessionWatch session() {
        return session;
    }

    /** Why the stream has to end, or {@code null} as long as nothing has been withdrawn. */
    EndReason lost(long now, long recheckNanos, Rechecks rechecks) {
        if (session != null) {
            session.look(now, recheckNanos, rechecks, request);
            if (session.isOver()) {
                return EndReason.SESSION;
            }
        }
        return recheck == null ? null : recheck.look(now, recheckNanos, rechecks);
    }
}
