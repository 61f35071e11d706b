package com.opengrail.kafka.sse.internal.client;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session in which streams were opened. It is over when it is invalid, or when nobody has used it for longer than it
 * lasts. Streams do not count as use, although some containers let no session expire that has an open request.
 *
 * <p>Nothing is put into the session, so nothing has to be serialized with it. A new id makes no difference.
 *
 * <p>Threads: {@link #isOver} is called by the timer, {@link #opened} by whoever opens a stream, {@link #expire} by a thread
 * that may run the application's listeners.
 */
final class SessionWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SessionWatch.class);

    private final HttpSession session;

    /** The timer's. Containers tell the time of the last use but one, or of the end of the last: only a change tells. */
    private long lastAccessed;

    private volatile long usedAt;
    private volatile boolean over;
    private volatile boolean expiring;

    /** The registry's: the streams that watch. */
    int streams;

    SessionWatch(HttpSession session, long now) {
        this.session = session;
        this.usedAt = now;
        try {
            this.lastAccessed = session.getLastAccessedTime();
        } catch (IllegalStateException e) {
            LOG.debug("A session has ended while a stream was opened", e);
            this.over = true;
        }
    }

    HttpSession session() {
        return session;
    }

    /** The request of a stream is a use of the session, as any other is. */
    void opened(long now) {
        usedAt = now;
    }

    /** Whether the session has been invalidated, or has expired in the container or here. */
    boolean isOver() {
        return over;
    }

    /** Looks at the session. If it is due to expire, gives the container the opportunity to do so first. */
    void look(long now, long recheckNanos, Rechecks rechecks, HttpServletRequest request) {
        try {
            long accessed = session.getLastAccessedTime();
            if (accessed != lastAccessed) {
                lastAccessed = accessed;
                usedAt = now;
            }
            long lasts = TimeUnit.SECONDS.toNanos(session.getMaxInactiveInterval());
            if (lasts <= 0 || now - usedAt < lasts) {
                return;
            }
            if (!expiring) {
                expiring = true;
                rechecks.execute(() -> expire(request));
            }
            over |= now - usedAt >= lasts + recheckNanos;
        } catch (IllegalStateException e) {
            LOG.debug("A session has ended", e);
            over = true;
        }
    }

    /**
     * Tomcat expires a session when a request asks for it. It must do so before the stream ends, since the end of a request
     * is a use of the session there.
     */
    private void expire(HttpServletRequest request) {
        try {
            request.getSession(false);
        } catch (RuntimeException e) {
            LOG.debug("A session could not be asked for", e);
        } finally {
            over = true;
        }
    }
}
