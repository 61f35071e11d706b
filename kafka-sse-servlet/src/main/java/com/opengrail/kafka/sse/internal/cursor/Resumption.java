package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.position.EventId;
import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a client starts, and what is missing before that.
 *
 * @param position where the stream starts
 * @param gaps what the client asked for and does not get
 */
record Resumption(Position position, List<Gap> gaps) {

    /**
     * Decides where a client starts, from the offsets that the brokers tell.
     *
     * <p>An offset before a partition's first record is a gap with the reason retention. An offset past the last record belongs
     * to a log that was longer: all records of the log are new to the client. The same holds if the client's id belongs
     * to a topic that was created anew.
     *
     * @return the resumption, or {@code null} if it needs an offset of a partition that did not answer
     */
    static Resumption of(Start start, LogOffsets offsets) {
        return of(
                start.asked(),
                offsets,
                start instanceof Start.OpenedAt opened ? endsWhen(opened, offsets) : offsets.latest());
    }

    private static long[] endsWhen(Start.OpenedAt opened, LogOffsets offsets) {
        long[] ends = offsets.atInstant().clone();
        for (int i = 0; i < ends.length; i++) {
            boolean isNew =
                    opened.newTopics().contains(offsets.layout().topicOf(i).name());
            ends[i] = isNew ? offsets.earliest()[i] : ends[i];
        }
        return ends;
    }

    private static Resumption of(Start start, LogOffsets offsets, long[] ends) {
        Layout layout = offsets.layout();
        long[] next = new long[layout.size()];
        List<Gap> gaps = new ArrayList<>();
        for (int i = 0; i < next.length; i++) {
            long wanted = wanted(start, i, offsets, ends[i]);
            if (wanted == LogOffsets.UNKNOWN) {
                return null;
            }
            Gap gap = gapAt(start, i, wanted, offsets);
            if (gap != null) {
                gaps.add(gap);
            }
            next[i] = gap == null ? wanted : gap.to();
        }
        if (start instanceof Start.After after
                && (!after.id().isOfSameTopics() || namesLostTopic(after.id(), layout))) {
            gaps.add(Gap.TOPICS);
        } else if (start instanceof Start.UnknownId) {
            gaps.add(Gap.UNKNOWN_ID);
        }
        return new Resumption(new Position(layout, next), gaps);
    }

    /** True if an id names partitions of a topic that has not existed since the feed started. */
    private static boolean namesLostTopic(EventId id, Layout layout) {
        return layout.topics().stream().anyMatch(topic -> topic.partitions() == 0 && id.partitions(topic) > 0);
    }

    /** The offset at which a partition is to be resumed, or {@link LogOffsets#UNKNOWN}. */
    private static long wanted(Start start, int index, LogOffsets offsets, long end) {
        long earliest = offsets.earliest()[index];
        if (start instanceof Start.Earliest) {
            return earliest;
        }
        if (start instanceof Start.AtOffset at) {
            return at.offset();
        }
        if (start instanceof Start.AtOffsets at) {
            int partition = offsets.layout().partitions().get(index).partition();
            return at.offsets().getOrDefault(partition, end);
        }
        if (start instanceof Start.BeforeEnd before) {
            boolean isKnown = earliest != LogOffsets.UNKNOWN && end != LogOffsets.UNKNOWN;
            return isKnown ? Math.max(earliest, end - before.records()) : LogOffsets.UNKNOWN;
        }
        if (start instanceof Start.Since) {
            return offsets.atInstant()[index];
        }
        return start instanceof Start.After after ? after(after.id(), index, offsets, end) : end;
    }

    private static long after(EventId id, int index, LogOffsets offsets, long end) {
        Layout.Topic topic = offsets.layout().topicOf(index);
        if (!id.names(topic)) {
            // The topic came into the stream since the id was given.
            return end;
        }
        long named = id.next(topic, offsets.layout().partitions().get(index).partition());
        // The partition came into the topic since.
        return named >= 0 ? named : offsets.earliest()[index];
    }

    private static Gap gapAt(Start start, int index, long wanted, LogOffsets offsets) {
        TopicPartition partition = offsets.layout().partitions().get(index);
        long earliest = offsets.earliest()[index];
        if (start instanceof Start.After after) {
            Layout.Topic topic = offsets.layout().topicOf(index);
            boolean isNamed = after.id().next(topic, partition.partition()) >= 0;
            if (isNamed && !after.id().isOf(topic)) {
                return new Gap(partition, wanted, Math.max(0, earliest), Gap.Reason.RECREATED);
            }
        }
        long written = offsets.written()[index];
        if (earliest == LogOffsets.UNKNOWN || written == LogOffsets.UNKNOWN) {
            return null;
        }
        // Either answer may be the newer one.
        boolean isOutside = wanted < earliest || wanted > Math.max(written, offsets.latest()[index]);
        return isOutside ? Gap.outOfRange(partition, wanted, earliest) : null;
    }
}
