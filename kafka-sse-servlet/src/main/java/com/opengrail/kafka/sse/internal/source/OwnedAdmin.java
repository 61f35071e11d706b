package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.log.RootCause;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one admin client of an engine, if it has one. It is made for the first question. It is replaced after a long time without
 * an answer or a question, and where a new one would connect sooner or log in with something else. It is let go of if several
 * brokers would refuse it.
 *
 * <p>Threads: safe. While a client is made, names are looked up and somebody may be logged in. Only those who need the client
 * wait for that.
 */
final class OwnedAdmin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedAdmin.class);

    /** Makes one client after the other. */
    interface Maker {
        /** Makes a client that is told of all servers, or perhaps of one of them. */
        Admin make(boolean ofAll);

        /** True if the last client was told of one of several servers. */
        boolean hasToldOne();

        /** True if the next client would log in with something else than the last. It may take long. */
        boolean haveCredentialsChanged();
    }

    private static final long RENEW_NANOS = Duration.ofMinutes(5).toNanos();

    /** A client logs up to 14 lines in its life, and brokers may come and go. */
    private static final long YOUNG_NANOS = Duration.ofSeconds(45).toNanos();

    /** A client that is refused and let go of writes 18 lines to the log in its life. */
    private static final long BETWEEN_REFUSED_NANOS = Duration.ofMinutes(1).toNanos();

    /** Longer than Kafka's client pauses between two log-ins, where this is not set. */
    private static final long BETWEEN_LOG_INS_NANOS = Duration.ofSeconds(100).toNanos();

    private final Maker maker;
    private final long idleNanos;
    private final LongSupplier nanoTime;

    /** Held by the one who makes the client. */
    private final Object making = new Object();

    /** Guarded by this. */
    private Admin admin;

    private boolean closed;
    private long madeAt;
    private long askedAt;
    private long answeredAt;

    /** The client is replaced before a question, as soon as it is not young any more. */
    private boolean outdated;

    /** The client is replaced before a question by one that is told of all servers. */
    private boolean unanswered;

    /** The client has been let in, so that it may know more brokers than it was told. */
    private boolean knowsBrokers;

    /** Why the last log-in failed, or {@code null}. Kafka's client gives the same again until it has tried once more. */
    private AuthenticationException refusal;

    private long refusedAt;

    /** Before each question that may renew the client it is asked whether the credentials have changed. */
    private boolean refused;

    /**
     * A client that is not made yet.
     *
     * @param idle how long its connections last without questions
     */
    OwnedAdmin(Maker maker, Duration idle, LongSupplier nanoTime) {
        this.maker = maker;
        this.idleNanos = idle.toNanos();
        this.nanoTime = nanoTime;
        this.askedAt = nanoTime.getAsLong();
    }

    /**
     * The client for a question, a new one if that is better.
     *
     * @throws AuthenticationException if the last one has been let go of a short while ago
     */
    Admin getOrRenew() {
        Admin unused = null;
        try {
            if (made() == null || isOld() || isRefused()) {
                synchronized (making) {
                    if (made() == null) {
                        requireRested();
                        unused = use(maker.make(false));
                    } else if (isOld() || isRefused() && maker.haveCredentialsChanged()) {
                        unused = renew();
                    }
                    // Before who waits for the lock looks again.
                    asked();
                }
            }
            return asked();
        } finally {
            close(unused);
        }
    }

    /**
     * The client for a question of those who must not wait while one is renewed, as container threads. Feeds have that done
     * when they ask for topics.
     *
     * @throws AuthenticationException if there is none since the last one was refused
     */
    Admin getOrMake() {
        Admin present = madeOrRefused();
        return present == null ? getOrRenew() : present;
    }

    private synchronized Admin madeOrRefused() {
        Admin present = made();
        if (present == null && refused) {
            throw refusal;
        }
        return present;
    }

    private void requireRested() {
        AuthenticationException reason = restsBecause();
        if (reason != null && !maker.haveCredentialsChanged()) {
            throw reason;
        }
    }

    /** Why no client is made for now; {@code null} if one may be. */
    private synchronized AuthenticationException restsBecause() {
        return refused && nanoTime.getAsLong() - refusedAt < BETWEEN_REFUSED_NANOS ? refusal : null;
    }

    /** Not under the lock: Kafka waits for the client's thread, which may be about to ask a question itself. */
    private static void close(Admin unused) {
        if (unused != null) {
            unused.close(Duration.ZERO);
        }
    }

    private synchronized Admin asked() {
        askedAt = nanoTime.getAsLong();
        return madeOrRefused();
    }

    /**
     * True if nothing has been asked for so long that connections are being closed: Kafka's clients pause then as if brokers
     * were away. True, too, if there has been no answer for so long that brokers may have moved. True sooner for a refused
     * client: it may have given up asking for the brokers, and would never log in again.
     */
    private synchronized boolean isOld() {
        long now = nanoTime.getAsLong();
        return unanswered
                || outdated && now - madeAt >= YOUNG_NANOS
                || now - askedAt > idleNanos
                || now - answeredAt > (refused ? BETWEEN_LOG_INS_NANOS : RENEW_NANOS);
    }

    /** True if the client knows one server of several. */
    private boolean mayStartElsewhere() {
        return !knowsBrokers && maker.hasToldOne();
    }

    private synchronized boolean isRefused() {
        return refused && nanoTime.getAsLong() - madeAt >= YOUNG_NANOS;
    }

    /** The client, or {@code null} if it has not been made. */
    private synchronized Admin made() {
        if (closed) {
            throw new KafkaException("The engine is closed");
        }
        return admin;
    }

    /** The one before, or the new one if that is not used; {@code null} if there is no new one. */
    private Admin renew() {
        boolean ofAll = isUnanswered();
        startWaiting();
        try {
            return use(maker.make(ofAll));
        } catch (KafkaException e) {
            LOG.warn("Cannot replace the admin client for now: {}", RootCause.describe(e));
            return null;
        }
    }

    private synchronized boolean isUnanswered() {
        return unanswered;
    }

    /** Takes a client in the place of the one before. Gives the one that is not used, or {@code null}. */
    private synchronized Admin use(Admin made) {
        if (closed) {
            return made;
        }
        Admin before = admin;
        admin = made;
        madeAt = nanoTime.getAsLong();
        knowsBrokers = false;
        startWaiting();
        return before;
    }

    /** The client is connected. The answer may be that of one that has been let go of since. */
    synchronized void answered() {
        if (admin != null) {
            knowsBrokers = true;
            startWaiting();
        }
    }

    /** One that has just been made is given the same time for its first answer as others for the next. */
    private synchronized void startWaiting() {
        outdated = false;
        unanswered = false;
        refused = false;
        answeredAt = nanoTime.getAsLong();
    }

    /** The client is to be replaced by a new one that connects at once. */
    synchronized void outdated() {
        outdated = true;
    }

    /** A question has not been answered. */
    synchronized void unanswered() {
        unanswered |= mayStartElsewhere();
    }

    /**
     * A log-in that was tried is an answer, so that the client is not replaced by one that would be refused, too. It is let go
     * of where the next one may be let in by another server, and where it knows several brokers and would try them all. Then
     * there is none for a minute.
     *
     * @param hasSeveral whether there are several brokers
     */
    void refused(AuthenticationException failure, boolean hasSeveral) {
        Admin unused = null;
        synchronized (this) {
            if (failure != refusal) {
                refusal = failure;
                startWaiting();
                refusedAt = answeredAt;
            }
            refused = true;
            if (mayStartElsewhere() || hasSeveral && knowsBrokers && refusedAt - madeAt >= BETWEEN_REFUSED_NANOS) {
                unused = admin;
                admin = null;
            }
        }
        close(unused);
    }

    @Override
    public void close() {
        Admin made;
        synchronized (this) {
            closed = true;
            made = admin;
            admin = null;
        }
        close(made);
    }
}
