package com.opengrail.kafka.sse.internal.access;

import java.util.function.Supplier;

/**
 * Asks repeatedly whether a stream may continue: whether its user still has the roles, and whether the application's
 * check still agrees.
 *
 * <p>The question is asked twice in each {@code recheck-millis}, so that the answer comes within that time. No answer
 * in that time counts as a no: a stream whose access nobody confirms must end. A check of the application is asked as soon as
 * the client can be written to, and it gets no events before the first yes.
 *
 * <p>Threads: the timer's, and the container's for {@link #askFirst}. The question itself runs on a thread of {@link Rechecks}.
 */
final class Recheck {
    private final Supplier<EndReason> question;
    private volatile EndReason answer;
    private volatile boolean confirmed;

    /** A yes no longer counts. Written before the question is interrupted: the interrupt may make it say yes. */
    private volatile boolean givenUp;

    /** Asked last. Written by {@link #askFirst}, then by the timer. */
    private volatile Rechecks.Question pending;

    /** Written before {@link #pending}. */
    private long askedAt;

    /**
     * Asks why a stream that is being opened has to end: {@code null} if it may continue.
     *
     * @param confirmed whether the request has been asked the same before
     */
    Recheck(Supplier<EndReason> question, boolean confirmed, long now) {
        this.question = question;
        this.confirmed = confirmed;
        this.askedAt = now;
    }

    /** True from the first yes on. */
    boolean isConfirmed() {
        return confirmed;
    }

    /**
     * Asks for the first time, unless that has been done. Called by one thread at a time.
     *
     * @param payer whose share of the threads it takes
     * @param confirming is run after a yes, on another thread
     */
    void askFirst(long now, Rechecks rechecks, String payer, Runnable confirming) {
        if (!confirmed && pending == null) {
            askedAt = now;
            pending = rechecks.submit(payer, () -> {
                answer = question.get();
                if (answer == null && !givenUp) {
                    confirmed = true;
                    confirming.run();
                }
            });
        }
    }

    /** Looks for an answer, or asks when it is time. */
    EndReason look(long now, long recheckNanos, Rechecks rechecks, String payer) {
        if (pending == null && !confirmed) {
            return null;
        }
        if (pending != null && !pending.isDone() && now - askedAt >= recheckNanos) {
            end(rechecks);
            return EndReason.CHECK_FAILED;
        }
        if (answer == null && (pending == null || pending.isDone()) && now - askedAt >= recheckNanos / 2) {
            askedAt = now;
            pending = rechecks.submit(payer, () -> answer = question.get());
        }
        return answer;
    }

    /** Nobody waits for the answer any more. Any thread may say so. */
    void end(Rechecks rechecks) {
        givenUp = true;
        Rechecks.Question unanswered = pending;
        if (unanswered != null) {
            rechecks.end(unanswered);
        }
    }
}
