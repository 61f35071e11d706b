package com.opengrail.kafka.sse.internal.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one session in which streams were opened. The session is over when it is invalid, or when it has not been
 * used for longer than its time-out, or when it has given no answer for {@code recheck-millis}. An open stream does not
 * count as use, although some containers keep a session alive while it has an open request.
 *
 * <p>Nothing is stored in the session, so nothing has to be serialized with it. A new session id makes no difference.
 *
 * <p>Threads: the timer calls {@link #look}, and the container's thread that opens a stream calls {@link #join}. The
 * session may be in a store that is slow, so it is asked by other threads ({@link SessionQuestions}), one at a time.
 */
public final class SessionWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SessionWatch.class);

    private static final long NEVER = Long.MIN_VALUE;

    /** It is asked so many times within {@code recheck-millis}, and not less often than each quarter of a second. */
    private static final int QUESTIONS = 20;

    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final HttpSession session;

    /**
     * Of the thread that asks. Containers report different times, such as that of the last use but one. Only a change is
     * reliable.
     */
    private long lastAccessed;

    /** The timer's. */
    private long askedAt;

    /** The timer begins, the thread that asks ends it. */
    private volatile boolean asking;

    /** Since when there has been no answer. */
    private volatile long unansweredSince = NEVER;

    private volatile long usedAt;
    private volatile boolean over;

    /** Belongs to {@link Sessions}: the number of streams that share the watch. */
    int streams;

    /** Asks the session, which may take a while. */
    SessionWatch(HttpSession session, long now) {
        this.session = session;
        this.usedAt = now;
        this.askedAt = now;
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

    /** Another stream is opened in the session. Its request counts as a use. Called by {@link Sessions} under its lock. */
    SessionWatch join(long now) {
        streams++;
        usedAt = now;
        return this;
    }

    /** True if the session has been invalidated, or has expired in the container or here. */
    boolean isOver() {
        return over;
    }

    /** Lets the session be asked when it is time. */
    void look(long now, long recheckNanos, SessionQuestions questions, HttpServletRequest request) {
        if (!over && !asking && now - askedAt >= Math.min(LONGEST_NANOS, recheckNanos / QUESTIONS)) {
            askedAt = now;
            if (unansweredSince == NEVER) {
                unansweredSince = now;
            }
            asking = true;
            questions.add(() -> ask(now, request));
        }
        long since = unansweredSince;
        if (since != NEVER && now - since >= recheckNanos) {
            over = true;
        }
    }

    private void ask(long now, HttpServletRequest request) {
        try {
            long accessed = session.getLastAccessedTime();
            if (accessed != lastAccessed) {
                lastAccessed = accessed;
                usedAt = now - usedAt > 0 ? now : usedAt;
            }
            long lasts = TimeUnit.SECONDS.toNanos(session.getMaxInactiveInterval());
            if (lasts > 0 && now - usedAt >= lasts) {
                expire(request);
            }
            unansweredSince = NEVER;
        } catch (IllegalStateException e) {
            LOG.debug("A session has ended", e);
            over = true;
        } catch (Throwable e) {
            // The store of the sessions may be away for a moment.
            LOG.debug("A session could not be asked", e);
        } finally {
            asking = false;
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
