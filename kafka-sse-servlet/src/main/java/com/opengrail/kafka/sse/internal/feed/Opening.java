package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;

/**
 * A client whose start depends on what the brokers say of the offsets.
 *
 * <p>Threads: one reader after the other.
 */
public final class Opening implements Replays.Request {
    /** A partition of an id that is not there after this many tries, one in a second, is taken for an invention. */
    private static final int MOST_TRIES = 15;

    private final CursorOpener opener;
    private final Start start;
    private final EventFilter filter;
    private final Follower follower;
    private int tries;

    Opening(CursorOpener opener, Start start, EventFilter filter, Follower follower) {
        this.opener = opener;
        this.start = start;
        this.filter = filter;
        this.follower = follower;
    }

    /** Opens the cursor with what the brokers say. */
    public void open(BrokerOffsets brokers) {
        opener.open(start, filter, follower, brokers);
    }

    @Override
    public Layout layout() {
        return opener.topics().layout();
    }

    /**
     * The partitions in which the client starts. It may know more than this server: an id may come from one that has noticed
     * sooner that a topic was created anew or got more partitions, an offset may be of such a partition. Then the brokers are
     * asked, and waited for where they do not know it either: a partition left out of the position would be read twice.
     *
     * @return the partitions, or {@code null} if it is too early
     */
    public Layout layoutToStartIn() {
        boolean isFirstTry = tries++ == 0;
        Layout known = layout();
        if (isFirstTry && knowsMoreThan(known)) {
            known = opener.topics().ask();
        }
        return tries < MOST_TRIES && isTooEarlyFor(known) ? null : known;
    }

    private boolean knowsMoreThan(Layout known) {
        return start instanceof Start.After after && !after.id().isWithin(known)
                || start instanceof Start.AtOffsets at && CursorOpener.namesUnknownPartition(at, known);
    }

    /** Whether an id of a topic as it is names partitions that it does not have yet. */
    private boolean isTooEarlyFor(Layout known) {
        return start instanceof Start.After after
                && known.topics().stream()
                        .anyMatch(topic ->
                                after.id().isOf(topic) && after.id().partitions(topic.name()) > topic.partitions());
    }

    /** A follower that has gone closes the cursor that it is given. */
    @Override
    public boolean isAbandoned() {
        return false;
    }

    @Override
    public void refuse(Refusal refusal) {
        follower.refused(refusal);
    }
}
