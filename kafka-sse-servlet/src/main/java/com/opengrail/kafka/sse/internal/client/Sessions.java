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
    /** Containers give one object for one session, which keeps its identity when the id changes. */
    private final Map<HttpSession, SessionWatch> watches = new ConcurrentHashMap<>();

    /** The watch on the session of a request, or {@code null} where it has none. */
    SessionWatch watch(HttpServletRequest request, long now) {
        HttpSession session = request.getSession(false);
        if (session == null) {
            return null;
        }
        return watches.compute(session, (key, known) -> {
            SessionWatch watch = known == null ? new SessionWatch(key, now) : known;
            watch.streams++;
            watch.opened(now);
            return watch;
        });
    }

    /** A stream has ended, or has not been opened after all. */
    void leave(Access access) {
        if (access.session() != null) {
            watches.computeIfPresent(access.session().session(), (key, watch) -> --watch.streams == 0 ? null : watch);
        }
    }

    int size() {
        return watches.size();
    }
}
