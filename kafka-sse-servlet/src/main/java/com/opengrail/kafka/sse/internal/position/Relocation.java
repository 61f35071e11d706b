package com.opengrail.kafka.sse.internal.position;

import java.util.ArrayList;
import java.util.List;

/**
 * How a position continues when the topics have changed. Added partitions start at offset 0. So do all partitions of a topic
 * that was deleted and created anew, after a gap. If their first records are gone already, reading there finds a second gap.
 *
 * @param position where to continue
 * @param gaps what is missing
 */
public record Relocation(Position position, List<Gap> gaps) {

    /** What becomes of a position. */
    public static Relocation of(Position before, Layout described) {
        long[] next = described.rearrange(before.next(), before.layout(), new long[described.size()]);
        List<Gap> gaps = new ArrayList<>();
        for (int i = 0; i < next.length; i++) {
            Layout.Topic topic = described.topicOf(i);
            if (!topic.isSameAs(before.layout().topic(topic.name()))) {
                gaps.add(new Gap(described.partitions().get(i), next[i], 0, Gap.Reason.RECREATED));
                next[i] = 0;
            }
        }
        return new Relocation(new Position(described, next), gaps);
    }
}
