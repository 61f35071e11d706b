package com.opengrail.kafka.sse.internal.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions in which open streams were opened. Streams of one session share a watch.
 *
 * <p>Threads: safe.
 */
public final class Sessions {
    /** Containers have one object for each session. It stays the same when the session gets a new id. */
    private final Map<HttpSession, SessionWatch> watches = new ConcurrentHashMap<>();

    /** The watch on the session of a request, or {@code null} if the request has no session. */
    public SessionWatch watch(HttpServletRequest request, long now) {
        HttpSession session = request.getSession(false);
        if (session == null) {
            return null;
        }
        SessionWatch shared = watches.computeIfPresent(session, (key, known) -> known.join(now));
        if (shared != null) {
            return shared;
        }
        // Made outside, because no other stream is to wait while the session is asked.
        SessionWatch made = new SessionWatch(session, now);
        return watches.compute(session, (key, known) -> (known == null ? made : known).join(now));
    }

    /**
     * True if the session of a request has ended since the container took the user from it. The container keeps a log-in by
     * FORM in the session. Other users may have come with the cookie of a session that ended long ago.
     */
    public static boolean hasEnded(HttpServletRequest request) {
        return HttpServletRequest.FORM_AUTH.equals(request.getAuthType())
                && request.getRequestedSessionId() != null
                && request.getSession(false) == null;
    }

    /** A stream has ended, or could not be opened. */
    public void leave(SessionWatch left) {
        if (left != null) {
            watches.computeIfPresent(left.session(), (key, watch) -> --watch.streams == 0 ? null : watch);
        }
    }
}
