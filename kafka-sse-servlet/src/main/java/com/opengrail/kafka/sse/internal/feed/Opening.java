package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;

/** A client whose start depends on what the brokers say of the offsets. Immutable. */
public final class Opening implements Replays.Request {
    private final CursorOpener opener;
    private final Start start;
    private final EventFilter filter;
    private final Follower follower;

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
     * The partitions in which the client starts. An id of other topics than those known here may come from a server that has
     * noticed sooner that one was created anew: the brokers are asked.
     */
    public Layout layoutToStartIn() {
        boolean isOfOthers = start instanceof Start.After after && !after.id().isOf(layout());
        return isOfOthers ? opener.topics().ask() : layout();
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
