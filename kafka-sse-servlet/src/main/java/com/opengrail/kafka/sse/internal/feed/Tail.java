package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.ConsumerPosition;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the end of the log into the window: one turn polls, maps, encodes, appends, publishes and wakes whom it concerns.
 *
 * <p>Threads: its owner's alone, the feed's thread; it is the window's only writer.
 */
final class Tail {
    /** A poll may hold more than a window: what clients can take in the meantime is published before the poll's end. */
    private static final int FRAMES_PER_PUBLISH = 1024;

    private final Consumer<byte[], byte[]> consumer;
    private final MapperChain mappers;
    private final Window window;
    private final FilterViews views;
    private final EventNames names;
    private final TopicWatch topics;
    private final RecordFrames frames = new RecordFrames();
    private EventName[] frameNames = new EventName[4];
    private int unpublished;

    /** Since they were last reported. */
    private long records;

    private long gaps;

    Tail(
            Consumer<byte[], byte[]> consumer,
            MapperChain mappers,
            Window window,
            FilterViews views,
            EventNames names,
            TopicWatch topics) {
        this.consumer = consumer;
        this.mappers = mappers;
        this.window = window;
        this.views = views;
        this.names = names;
        this.topics = topics;
    }

    /**
     * One turn.
     *
     * @param now nanoseconds of a clock of its own, for what is done now and then
     */
    void runOnce(Duration pollTimeout, long now) {
        views.absorb(window.nextSequence());
        topics.askNowAndThen(now);
        if (topics.layout() != window.layout()) {
            goOnWith(topics.layout());
        }
        try {
            append(consumer.poll(pollTimeout));
        } catch (OffsetOutOfRangeException e) {
            goOnElsewhere(e.offsetOutOfRangePartitions());
        }
        publish(updatePositions());
    }

    private void append(ConsumerRecords<byte[], byte[]> polled) {
        Layout layout = window.layout();
        this.records += polled.count();
        for (TopicPartition partition : polled.partitions()) {
            int index = layout.indexOf(partition.topic(), partition.partition());
            for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                mappers.encode(record, frames);
                append(index, record.offset());
            }
        }
    }

    /** Tells what has been read since this was last told, and what the window holds now. */
    void report(FeedStatus status) {
        status.read(records, gaps);
        status.window(window.frames(), window.footprint());
        records = 0;
        gaps = 0;
    }

    /** The records that are in the log and have not been polled, or -1 while that is not known of a partition. */
    long lag() {
        long lag = 0;
        for (TopicPartition partition : window.layout().partitions()) {
            OptionalLong ofPartition = consumer.currentLag(partition);
            if (ofPartition.isEmpty()) {
                return -1;
            }
            lag += Math.max(0, ofPartition.getAsLong());
        }
        return lag;
    }

    private void append(int partition, long offset) {
        int count = frames.count();
        if (frameNames.length < count) {
            frameNames = new EventName[count * 2];
        }
        long sequence = window.nextSequence();
        for (int i = 0; i < count; i++) {
            frameNames[i] = names.of(frames.name(i));
            if (frameNames[i] != EventName.NONE) {
                views.mark(frameNames[i], sequence++);
            }
        }
        window.append(partition, offset, frames, frameNames);
        if (++unpublished >= FRAMES_PER_PUBLISH) {
            publish(true);
        }
    }

    private void publish(boolean moved) {
        unpublished = 0;
        views.beforePublish();
        if (moved) {
            window.publish();
        }
        views.wake();
        if (moved) {
            views.wakeUnsettled();
        }
    }

    private boolean updatePositions() {
        boolean moved = window.nextSequence() > window.end().sequence();
        List<TopicPartition> partitions = window.layout().partitions();
        for (int i = 0; i < partitions.size(); i++) {
            moved |= window.advance(i, ConsumerPosition.of(consumer, partitions.get(i)));
        }
        return moved;
    }

    /** The offsets of some logs do not go on: their oldest or newest records are gone, or the topics are others by now. */
    private void goOnElsewhere(Map<TopicPartition, Long> outOfRange) {
        Layout described = topics.ask();
        if (described == window.layout()) {
            outOfRange.forEach(this::goOnAfterGap);
        } else {
            goOnWith(described);
        }
    }

    /** What follows in a partition is not there any more: says so to everybody, and goes on with its first record. */
    private void goOnAfterGap(TopicPartition partition, long from) {
        long to = consumer.beginningOffsets(Set.of(partition)).get(partition);
        int index = window.layout().indexOf(partition.topic(), partition.partition());
        Gap gap = Gap.outOfRange(partition, from, to);
        if (gap.reason() == Gap.Reason.TRUNCATED) {
            long[] position = window.next();
            position[index] = to;
            window.relocate(window.layout(), position, partitions(List.of(gap), window.layout()));
        }
        appendGaps(List.of(gap));
        consumer.seek(partition, to);
    }

    private static BitSet partitions(List<Gap> gaps, Layout layout) {
        BitSet partitions = new BitSet();
        for (Gap gap : gaps) {
            partitions.set(
                    layout.indexOf(gap.partition().topic(), gap.partition().partition()));
        }
        return partitions;
    }

    /** Says what is gone: all of it as the events of one record, so that a client has an id only after it was told of all. */
    private void appendGaps(List<Gap> gaps) {
        if (gaps.isEmpty()) {
            return;
        }
        this.gaps += gaps.size();
        frames.clear();
        frameNames = new EventName[Math.max(frameNames.length, gaps.size())];
        for (Gap gap : gaps) {
            frameNames[frames.count()] = EventName.GAP;
            frames.add(SseEvent.of(EventName.GAP.text, gap.toJson()));
        }
        Gap last = gaps.get(gaps.size() - 1);
        int index = window.layout()
                .indexOf(last.partition().topic(), last.partition().partition());
        for (int i = 0; i < gaps.size(); i++) {
            views.markAll(window.nextSequence() + i);
        }
        window.append(index, last.to() - 1, frames, frameNames);
    }

    /** Goes on where the window ends, in topics that may have more partitions by now or have been made anew. */
    void goOnWith(Layout described) {
        Place before = new Place(window.layout(), window.next());
        Place place = before;
        consumer.assign(described.partitions());
        if (described != before.layout()) {
            long[] beginning = inOrder(described, consumer.beginningOffsets(described.partitions()));
            Relocation relocation = Relocation.of(before, described, beginning);
            place = relocation.place();
            window.relocate(described, place.next(), partitions(relocation.gaps(), described));
            appendGaps(relocation.gaps());
        }
        seek(described, place.next());
        publish(true);
    }

    private void seek(Layout layout, long[] position) {
        for (int i = 0; i < position.length; i++) {
            consumer.seek(layout.partitions().get(i), position[i]);
        }
    }

    private static long[] inOrder(Layout layout, Map<TopicPartition, Long> offsets) {
        return layout.partitions().stream().mapToLong(offsets::get).toArray();
    }
}
