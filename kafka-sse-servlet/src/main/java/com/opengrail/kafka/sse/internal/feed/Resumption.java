package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a client starts, and what it has lost on the way there.
 *
 * @param place where the stream goes on
 * @param gaps what was asked for and is gone, each with the place after it
 */
record Resumption(Place place, List<Lost> gaps) {

    /** A gap, and the place after it. */
    record Lost(Gap gap, Place after) {}

    /**
     * What the brokers say of where a client wants to start.
     *
     * <p>A position that is past the end of a partition is one of a log that has been truncated: all that is there now is
     * new to the client. A position that is older than the log is found out by who reads there.
     */
    static Resumption of(Start start, Layout layout, BrokerOffsets brokers) {
        long[] next = new long[layout.size()];
        List<Gap> gaps = new ArrayList<>();
        for (int i = 0; i < next.length; i++) {
            TopicPartition partition = layout.partitions().get(i);
            next[i] = brokers.next(start, partition);
            boolean recreated =
                    start instanceof Start.After after && !after.id().isOf(layout.topicOf(i));
            if (recreated || next[i] > brokers.latest(partition)) {
                Gap.Reason reason = recreated ? Gap.Reason.RECREATED : Gap.Reason.TRUNCATED;
                gaps.add(new Gap(partition, next[i], brokers.beginning(partition), reason));
            }
        }
        List<Lost> lost = new ArrayList<>();
        for (Gap gap : gaps) {
            next[layout.indexOf(gap.partition().topic(), gap.partition().partition())] = gap.to();
            lost.add(new Lost(gap, new Place(layout, next.clone())));
        }
        return new Resumption(new Place(layout, next), lost);
    }
}
