package com.opengrail.kafka.sse.internal.client;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one session in which streams were opened. The session is over when it is invalid, or when it has not been
 * used for longer than its time-out, or when it could not be asked for {@code recheck-millis}. An open stream does not count as use, although some containers keep a session
 * alive while it has an open request.
 *
 * <p>Nothing is stored in the session, so nothing has to be serialized with it. A new session id makes no difference.
 *
 * <p>Threads: the timer calls {@link #isOver}, the container's thread that opens a stream calls {@link #opened}, and a
 * thread that may run the application's listeners calls {@link #expire}.
 */
final class SessionWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SessionWatch.class);

    private static final long NEVER = Long.MIN_VALUE;

    private final HttpSession session;

    /**
     * The timer's. Containers report different times, such as that of the last use but one. Only a change is reliable.
     */
    private long lastAccessed;

    /** The timer's: since when the session cannot be asked. */
    private long unansweredSince = NEVER;

    private volatile long usedAt;
    private volatile boolean over;
    private volatile boolean expiring;

    /** Belongs to {@link Sessions}: the number of streams that share the watch. */
    int streams;

    SessionWatch(HttpSession session, long now) {
        this.session = session;
        this.usedAt = now;
        try {
            this.lastAccessed = session.getLastAccessedTime();
        } catch (IllegalStateException e) {
            LOG.debug("A session has ended while a stream was opened", e);
            this.over = true;
        } catch (RuntimeException e) {
            LOG.debug("A session could not be asked", e);
        }
    }

    HttpSession session() {
        return session;
    }

    /** The request of a stream counts as a use of the session. */
    void opened(long now) {
        usedAt = now;
    }

    /** True if the session has been invalidated, or has expired in the container or here. */
    boolean isOver() {
        return over;
    }

    /** Examines the session. If it is due to expire, the container gets the opportunity to expire it first. */
    void look(long now, long recheckNanos, Rechecks rechecks, HttpServletRequest request) {
        try {
            long accessed = session.getLastAccessedTime();
            if (accessed != lastAccessed) {
                lastAccessed = accessed;
                usedAt = now;
            }
            long lasts = TimeUnit.SECONDS.toNanos(session.getMaxInactiveInterval());
            unansweredSince = NEVER;
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
        } catch (RuntimeException e) {
            // The store of the sessions may be away for a moment.
            LOG.debug("A session could not be asked", e);
            if (unansweredSince == NEVER) {
                unansweredSince = now;
            }
            over |= now - unansweredSince >= recheckNanos;
        }
    }

    /**
     * Tomcat expires a session when a request asks for it. That must happen before the stream ends, because there the
     * end of a request counts as a use of the session.
     */
    private void expire(HttpServletRequest request) {
        try {
            request.getSession(false);
        } catch (RuntimeException e) {
            LOG.debug("Asking for a session failed", e);
        } finally {
            over = true;
        }
    }
}
