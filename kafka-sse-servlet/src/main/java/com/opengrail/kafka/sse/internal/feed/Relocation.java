package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * How a position goes on when the topics are others than before: partitions that were added start at their first record,
 * and so do all those of a topic that was deleted and created anew, after a gap.
 *
 * @param place where to go on
 * @param gaps what is gone
 */
record Relocation(Place place, List<Gap> gaps) {

    /**
     * What becomes of a place.
     *
     * @param beginning the first offset of each partition of the layout described
     */
    static Relocation of(Place before, Layout described, long[] beginning) {
        long[] position = described.rearrange(before.next(), before.layout(), beginning);
        List<Gap> gaps = new ArrayList<>();
        for (int i = 0; i < position.length; i++) {
            Layout.Topic topic = described.topicOf(i);
            if (!topic.id().equals(before.layout().topic(topic.name()).id())) {
                gaps.add(new Gap(described.partitions().get(i), position[i], beginning[i], Gap.Reason.RECREATED));
                position[i] = beginning[i];
            }
        }
        return new Relocation(new Place(described, position), gaps);
    }
}
