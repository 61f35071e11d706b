package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.US_ASCII;

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

    /** A gap, and the id of its event. */
    record Lost(Gap gap, byte[] id) {}

    /**
     * What the brokers say of where a client wants to start.
     *
     * <p>A position that is past the end of a partition is one of a log that has been truncated: all that is there now is
     * new to the client. An id that has the old offset of one partition in a topic made anew would pass over records: so
     * all but the last of such gaps have the id that the client came with. A position that is older than the log is found
     * out by who reads there.
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
        boolean together = gaps.stream().anyMatch(gap -> gap.reason() == Gap.Reason.RECREATED);
        List<Lost> lost = new ArrayList<>();
        for (Gap gap : gaps) {
            next[layout.indexOf(gap.partition().topic(), gap.partition().partition())] = gap.to();
            boolean isLast = lost.size() == gaps.size() - 1;
            lost.add(new Lost(gap, together && !isLast ? presented(start) : new Place(layout, next).id()));
        }
        return new Resumption(new Place(layout, next), lost);
    }

    private static byte[] presented(Start start) {
        return ((Start.After) start).id().text().getBytes(US_ASCII);
    }
}
