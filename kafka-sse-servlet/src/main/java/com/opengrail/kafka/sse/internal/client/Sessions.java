package com.opengrail.kafka.sse.internal.client;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions in which open streams were opened. Streams of one session share a watch.
 *
 * <p>Threads: safe.
 */
final class Sessions {
    /** Containers have one object for each session. It stays the same when the session gets a new id. */
    private final Map<HttpSession, SessionWatch> watches = new ConcurrentHashMap<>();

    /** The watch on the session of a request, or {@code null} if the request has no session. */
    SessionWatch watch(HttpServletRequest request, long now) {
        HttpSession session = request.getSession(false);
        if (session == null) {
            return null;
        }
        // Made outside, because no other stream is to wait while the session is asked.
        SessionWatch made = watches.containsKey(session) ? null : new SessionWatch(session, now);
        return watches.compute(session, (key, known) -> {
            SessionWatch watch = known != null ? known : made != null ? made : new SessionWatch(key, now);
            watch.streams++;
            watch.opened(now);
            return watch;
        });
    }

    /** A stream has ended, or could not be opened. */
    void leave(SessionWatch left) {
        if (left != null) {
            watches.computeIfPresent(left.session(), (key, watch) -> --watch.streams == 0 ? null : watch);
        }
    }
}
