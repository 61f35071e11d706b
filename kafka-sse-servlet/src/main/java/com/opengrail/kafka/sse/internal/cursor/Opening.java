package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.source.OffsetQuestion;
import java.time.Instant;
import java.util.Set;

/**
 * A client whose start depends on offsets that only the brokers know. It asks for them, and opens the cursor with the answer.
 *
 * <p>A client may know more than this server: its id may come from a server that noticed sooner that a topic was
 * created anew or got more partitions. Then the opening asks the brokers about the topics and waits for the answer: a
 * partition that is left out of the position would be read twice.
 *
 * <p>Threads: safe. The lock is held for a few assignments.
 */
public final class Opening implements OffsetLookups.Asker {
    /** Partitions of an id that do not exist after this many tries are regarded as made up. */
    private static final int MOST_TRIES = 60;

    private static final int MOST_SKIPPED = 8;

    /** In this many tries the brokers can confirm what they know of the topics. */
    private static final int TRIES_TO_CONFIRM = 4;

    private final CursorOpener opener;
    private final Follower follower;

    /** Guarded by this. */
    private Start start;

    /** What has been asked and not answered, or {@code null}. */
    private OffsetQuestion asked;

    private int tries;

    private int uselessAnswers;
    private int triesToSkip;
    private boolean isOpening;
    private boolean isOver;

    /**
     * How far the log went when the client came, if that is known. What has come since its stream was opened is after it. The
     * brokers know less: a partition without a leader tells nothing, and they go by timestamps, which may lie in the past.
     */
    private final Position seenBefore;

    Opening(CursorOpener opener, Start start, Follower follower) {
        this.seenBefore = start instanceof Start.OpenedAt ? null : opener.seen();
        this.opener = opener;
        this.start = start;
        this.follower = follower;
    }

    /**
     * Asks, unless an answer is outstanding or the opening is over. Callers repeat this until the opening is over.
     *
     * @return true if it is over
     */
    public boolean tryAgain() {
        OffsetQuestion question;
        synchronized (this) {
            if (isOver || isOpening || asked != null) {
                return isOver;
            }
            startWhereOpened();
            if (triesToSkip-- > 0 || opener.waitsForPartitions(start)) {
                return isOver;
            }
            Layout layout = opener.topics().layout();
            if (knowsMoreThan(layout) && tries++ < MOST_TRIES) {
                opener.topics().wantAnswer();
                if (tries < TRIES_TO_CONFIRM || isTooEarlyFor(layout)) {
                    return false;
                }
            }
            question = new OffsetQuestion(
                    layout,
                    opener.topics().undescribed(),
                    start.since() == null
                            ? OffsetQuestion.NO_INSTANT
                            : start.since().epochMillis());
            asked = question;
        }
        opener.lookups().ask(question, this);
        return false;
    }

    /**
     * A stream that is open gets what has come since.
     *
     * @return whether this is new, and so has not been asked for
     */
    private boolean startWhereOpened() {
        Instant since = follower.openSince();
        boolean isNew = since != null && start.isRelativeToEnd();
        if (isNew) {
            start = new Start.OpenedAt(start, new Start.Since(since), Set.of());
        }
        return isNew;
    }

    private boolean knowsMoreThan(Layout known) {
        return start.asked() instanceof Start.After after
                        && after.id().isOfSameTopics()
                        && known.topics().stream()
                                .anyMatch(topic -> !isGone(topic) && !after.id().isWithin(topic))
                || start.asked() instanceof Start.AtOffsets at && CursorOpener.namesUnknownPartition(at, known);
    }

    private boolean isGone(Layout.Topic topic) {
        return opener.topics().gone().contains(topic.name());
    }

    /** True if an id of the present topic names partitions that this server does not know yet. */
    private boolean isTooEarlyFor(Layout known) {
        return start.asked() instanceof Start.After after
                && known.topics().stream()
                        .anyMatch(topic -> !isGone(topic)
                                && after.id().isOf(topic)
                                && after.id().partitions(topic) > topic.partitions());
    }

    @Override
    public String payer() {
        return follower.payer();
    }

    @Override
    public void answered(LogOffsets offsets) {
        Start answered;
        synchronized (this) {
            asked = null;
            if (isOver || startWhereOpened()) {
                return;
            }
            // Opened by this thread alone from now on.
            isOpening = true;
            answered = start;
        }
        boolean opened = false;
        try {
            opened = opener.open(answered, follower, sinceOpened(answered, offsets));
        } finally {
            tried(opened);
        }
    }

    private LogOffsets sinceOpened(Start answered, LogOffsets offsets) {
        boolean isSeen =
                answered instanceof Start.OpenedAt && seenBefore != null && seenBefore.layout() == offsets.layout();
        return isSeen ? offsets.withInstant(seenBefore) : offsets;
    }

    @Override
    public void unanswered() {
        tried(false);
    }

    /** A partition that has no leader is not asked for four times a second. */
    private synchronized void tried(boolean opened) {
        asked = null;
        isOpening = false;
        isOver |= opened;
        uselessAnswers++;
        triesToSkip = Math.min(MOST_SKIPPED, uselessAnswers - 1);
    }

    public void abandon() {
        OffsetQuestion open;
        synchronized (this) {
            isOver = true;
            open = asked;
            asked = null;
        }
        if (open != null) {
            opener.lookups().cancel(open, this);
        }
    }
}
