package com.opengrail.kafka.sse.internal.access;

import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.request.TopicRoles;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conditions for a stream: a session, roles, the application's check, an end. Without one of them the stream ends.
 *
 * <p>The container's request may be used until it is completed (Servlet 6.0, 2.3.3.3). A later question fails, or finds
 * a request without a user. By then the stream is over.
 *
 * <p>Threads: the timer's, except for the questions, which run on threads of {@link Rechecks}.
 */
public final class Access {
    /** The attribute of a request by which a filter sets the end of the stream. */
    static final String UNTIL = "com.opengrail.kafka.sse.until";

    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    private static final Access UNLIMITED = new Access(null, null, null, null);

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

    public static Access unlimited() {
        return UNLIMITED;
    }

    /**
     * The conditions for a request.
     *
     * @param session the watch on its session, or {@code null}
     * @param roles the roles that topics need
     * @param topics the topics that it asks for
     */
    public static Access of(
            HttpServletRequest request,
            CallOptions call,
            SessionWatch session,
            TopicRoles roles,
            List<String> topics,
            long now) {
        String user = userOf(request);
        BooleanSupplier hasRoles =
                roles.isForAll(topics) ? null : () -> isUnknownHere(user, request) || roles.mayRead(request, topics);
        Instant until = until(request, call);
        BooleanSupplier check = call.options().check().orElse(null);
        boolean isRechecked = hasRoles != null || check != null;
        if (session == null && until == null && !isRechecked) {
            return UNLIMITED;
        }
        Supplier<EndReason> question = () -> ask(hasRoles, check);
        return new Access(
                session == null ? null : request,
                session,
                isRechecked ? new Recheck(question, check == null, now) : null,
                until);
    }

    /** The name of a request's user, or {@code null} if nobody has logged in. */
    public static String userOf(HttpServletRequest request) {
        Principal user = request.getUserPrincipal();
        return user == null ? null : user.getName();
    }

    /** True if there was a user at the start and there is none now. Some frameworks take the user from the request's own thread. */
    private static boolean isUnknownHere(String user, HttpServletRequest request) {
        return user != null && userOf(request) == null;
    }

    private static EndReason ask(BooleanSupplier hasRoles, BooleanSupplier check) {
        try {
            if (hasRoles != null && !hasRoles.getAsBoolean()) {
                return EndReason.ROLE;
            }
            return check == null || check.getAsBoolean() ? null : EndReason.CHECK;
        } catch (Throwable e) {
            LOG.debug("Ending a stream: its access could not be checked", e);
            return EndReason.CHECK_FAILED;
        }
    }

    /** The end that code or a filter has set for a request's stream; {@code null} if there is none. */
    static Instant until(HttpServletRequest request, CallOptions call) {
        Optional<Instant> ofCode = call.options().until();
        Object attribute = request.getAttribute(UNTIL);
        if (attribute == null) {
            return ofCode.orElse(null);
        }
        if (!(attribute instanceof Instant given)) {
            throw new IllegalStateException("The request attribute " + UNTIL + " is not a java.time.Instant: "
                    + attribute.getClass().getName());
        }
        return ofCode.filter(given::isAfter).orElse(given);
    }

    public Instant until() {
        return until;
    }

    /** The watch on the session in which the stream was opened, or {@code null}. */
    public SessionWatch session() {
        return session;
    }

    /** Asks the application's check for the first time. The request has been asked for roles already. */
    public void askFirst(long now, Rechecks rechecks, String payer, Runnable confirming) {
        if (recheck != null) {
            recheck.askFirst(now, rechecks, payer, confirming);
        }
    }

    /** True if the client may have events, as long as nothing of this is lost. */
    public boolean isConfirmed() {
        return recheck == null || recheck.isConfirmed();
    }

    /** The stream has ended. */
    public void end(Rechecks rechecks) {
        if (recheck != null) {
            recheck.end(rechecks);
        }
    }

    /** Why the stream has to end, or {@code null} while all conditions are met. */
    public EndReason lost(long now, long recheckNanos, Rechecks rechecks, String payer) {
        if (session != null) {
            session.look(now, recheckNanos, rechecks.ofSessions(), request);
            if (session.isOver()) {
                return EndReason.SESSION;
            }
        }
        return recheck == null ? null : recheck.look(now, recheckNanos, rechecks, payer);
    }
}
