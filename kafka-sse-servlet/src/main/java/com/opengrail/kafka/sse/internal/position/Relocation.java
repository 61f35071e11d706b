package com.opengrail.kafka.sse.internal.position;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * How a position continues when the topics have changed. Added partitions start at offset 0. The partitions of a topic
 * that was deleted and created anew also start at 0, after a gap. If their first records are gone already, a second gap
 * is found there.
 *
 * @param position where to continue
 * @param gaps what is missing
 */
public record Relocation(Position position, List<Gap> gaps) {

    /** Continues a position in a new description of the topics. */
    public static Relocation of(Position before, Layout described) {
        long[] next = described.rearrange(before.next(), before.layout(), new long[described.size()]);
        List<Gap> gaps = new ArrayList<>();
        for (int i = 0; i < next.length; i++) {
            TopicPartition partition = described.partitions().get(i);
            if (before.layout().indexOf(partition) >= 0
                    && !described.topicOf(i).isSameAs(before.layout().topic(partition.topic()))) {
                gaps.add(new Gap(partition, next[i], 0, Gap.Reason.RECREATED));
                next[i] = 0;
            }
        }
        return new Relocation(new Position(described, next), gaps);
    }
}
