package com.opengrail.kafka.sse.internal.access;

import java.util.function.Supplier;

/**
 * Asks repeatedly whether a stream may continue: whether its user still has the roles, and whether the application's
 * check still agrees.
 *
 * <p>The question is asked several times in each {@code recheck-millis}. What is withdrawn just after a yes has to end the stream
 * within that time, even if there is never another answer. A yes therefore counts from the time of its question. Without another
 * yes the stream ends. A check of the application is asked as soon as the client can be written to, and it gets no events before
 * the first yes.
 *
 * <p>Threads: the timer's, and the container's for {@link #askFirst}. The question itself runs on a thread of {@link Rechecks}.
 */
final class Recheck {
    /** In eighths of {@code recheck-millis}: the time between two questions. */
    private static final int ASKED_AFTER = 2;

    /** In eighths, too: how long a yes counts, from its question on. The last eighth is for the tick. */
    private static final int COUNTS_FOR = 7;

    /** In eighths, too: how long each answer may take, even if the question was late because the timer had no processor. */
    private static final int ANSWERED_AFTER = 3;

    private static final int ALL = 8;

    private final Supplier<EndReason> question;
    private volatile EndReason answer;
    private volatile boolean confirmed;

    /** A yes no longer counts. Written before the question is interrupted: the interrupt may make it say yes. */
    private volatile boolean givenUp;

    /** Asked last. Written by {@link #askFirst}, then by the timer. */
    private volatile Rechecks.Question pending;

    /** Written before {@link #pending}. */
    private long askedAt;

    /** When the question was asked that was last answered with yes; before, when the first was. Written before {@link #pending}. */
    private long yesAt;

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
            yesAt = now;
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
        boolean isAnswered = pending == null || pending.isDone();
        boolean isOver =
                now - yesAt >= recheckNanos * COUNTS_FOR / ALL && now - askedAt >= recheckNanos * ANSWERED_AFTER / ALL;
        if (!isAnswered && isOver) {
            end(rechecks);
            return EndReason.CHECK_FAILED;
        }
        if (answer == null && isAnswered && now - askedAt >= recheckNanos * ASKED_AFTER / ALL) {
            yesAt = askedAt;
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
