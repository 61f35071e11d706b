package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.log.RootCause;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one admin client of an engine, if it has one. It is made for the first question. It is replaced after a long time without
 * an answer or a question, and where a new one would connect sooner or log in with something else.
 *
 * <p>Threads: safe. While a client is made, names are looked up and somebody may be logged in. Only those who need the client
 * wait for that.
 */
final class OwnedAdmin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedAdmin.class);

    private static final long RENEW_NANOS = Duration.ofMinutes(5).toNanos();

    /** A client logs ten lines in its life, and brokers may come and go. */
    private static final long YOUNG_NANOS = Duration.ofSeconds(45).toNanos();

    /** A client that knows several brokers, and is refused, writes five lines to the log for each of them. */
    private static final long BETWEEN_REFUSED_NANOS = Duration.ofMinutes(1).toNanos();

    /** Longer than Kafka's client pauses between two log-ins, where this is not set. */
    private static final long BETWEEN_LOG_INS_NANOS = Duration.ofSeconds(100).toNanos();

    private final Supplier<Admin> maker;
    private final BooleanSupplier credentialsChanged;
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

    /** The client has been let in, so that it may know more brokers than it was told. */
    private boolean knowsBrokers;

    /** Why the last log-in failed, or {@code null}. Kafka's client gives the same again until it has tried once more. */
    private AuthenticationException refusal;

    /** Before each question that may renew the client it is asked whether the credentials have changed. */
    private boolean refused;

    /**
     * A client that is not made yet.
     *
     * @param maker makes it
     * @param credentialsChanged whether the next client would log in with something else. It may take long
     * @param idle how long its connections last without questions
     */
    OwnedAdmin(Supplier<Admin> maker, BooleanSupplier credentialsChanged, Duration idle, LongSupplier nanoTime) {
        this.maker = maker;
        this.credentialsChanged = credentialsChanged;
        this.idleNanos = idle.toNanos();
        this.nanoTime = nanoTime;
        this.askedAt = nanoTime.getAsLong();
    }

    /** The client for a question, a new one if that is better. */
    Admin getOrRenew() {
        Admin unused = null;
        try {
            if (made() == null || isOld() || isRefused()) {
                synchronized (making) {
                    if (made() == null) {
                        unused = use(maker.get());
                    } else if (isOld() || isRefused() && credentialsChanged.getAsBoolean()) {
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

    /** Container threads must not wait while a client is renewed. Feeds have that done when they ask for topics. */
    Admin getOrMake() {
        Admin present = made();
        return present == null ? getOrRenew() : present;
    }

    /** Not under the lock: Kafka waits for the client's thread, which may be about to ask a question itself. */
    private static void close(Admin unused) {
        if (unused != null) {
            unused.close(Duration.ZERO);
        }
    }

    private synchronized Admin asked() {
        askedAt = nanoTime.getAsLong();
        return made();
    }

    /**
     * True if nothing has been asked for so long that connections are being closed: Kafka's clients pause then as if brokers
     * were away. True, too, if there has been no answer for so long that brokers may have moved. True sooner for a refused
     * client: it may have given up asking for the brokers, and would never log in again.
     */
    private synchronized boolean isOld() {
        long now = nanoTime.getAsLong();
        return outdated && now - madeAt >= YOUNG_NANOS
                || now - askedAt > idleNanos
                || now - answeredAt > (refused ? BETWEEN_LOG_INS_NANOS : RENEW_NANOS);
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
        startWaiting();
        try {
            return use(maker.get());
        } catch (KafkaException e) {
            LOG.warn("Cannot replace the admin client for now: {}", RootCause.describe(e));
            return null;
        }
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

    /** The client is connected. */
    synchronized void answered() {
        knowsBrokers = true;
        startWaiting();
    }

    /** One that has just been made is given the same time for its first answer as others for the next. */
    private synchronized void startWaiting() {
        outdated = false;
        refused = false;
        answeredAt = nanoTime.getAsLong();
    }

    /** The client is to be replaced by a new one that connects at once. */
    synchronized void outdated() {
        outdated = true;
    }

    /** There is no answer, and the next client may be told of another broker. */
    synchronized void unanswered() {
        outdated |= !knowsBrokers && !refused;
    }

    /**
     * A log-in that was tried is an answer, so that the client is not replaced by one that would be refused, too. One that
     * knows several brokers is let go of: the next one starts from a single broker.
     *
     * @param hasSeveral whether there are several brokers
     */
    void refused(AuthenticationException failure, boolean hasSeveral) {
        Admin unused = null;
        synchronized (this) {
            if (failure != refusal) {
                refusal = failure;
                startWaiting();
            }
            refused = true;
            if (hasSeveral && knowsBrokers && nanoTime.getAsLong() - madeAt >= BETWEEN_REFUSED_NANOS) {
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
