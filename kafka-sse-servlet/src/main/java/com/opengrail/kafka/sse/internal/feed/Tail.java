package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the end of the log into the window: one turn polls, maps, encodes, appends, publishes and wakes whom it concerns.
 *
 * <p>Threads: its owner's alone, the feed's thread; it is the window's only writer.
 */
final class Tail {
    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);

    /** How often the known partitions are looked at; the consumer refreshes them by metadata.max.age.ms. */
    private static final long PARTITION_CHECK_NANOS = Duration.ofSeconds(1).toNanos();

    private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(1);

    /** A poll may hold more than a window: what clients can take in the meantime is published before the poll's end. */
    private static final int FRAMES_PER_PUBLISH = 1024;

    private final Consumer<byte[], byte[]> consumer;
    private final MapperChain mappers;
    private final Window window;
    private final FilterViews views;
    private final EventNames names;
    private final Supplier<Layout> description;
    private final RecordFrames frames = new RecordFrames();
    private EventName[] frameNames = new EventName[4];
    private int unpublished;
    private long partitionsChecked;

    /** Since they were last reported. */
    private long records;

    private long gaps;

    /**
     * A tail.
     *
     * @param description what the brokers say of the topics, asked anew
     */
    Tail(
            Consumer<byte[], byte[]> consumer,
            MapperChain mappers,
            Window window,
            FilterViews views,
            EventNames names,
            Supplier<Layout> description) {
        this.consumer = consumer;
        this.mappers = mappers;
        this.window = window;
        this.views = views;
        this.names = names;
        this.description = description;
    }

    /**
     * One turn.
     *
     * @param now nanoseconds of a clock of its own, for what is done now and then
     */
    void runOnce(Duration pollTimeout, long now) {
        views.absorb(window.nextSequence());
        try {
            append(consumer.poll(pollTimeout));
        } catch (OffsetOutOfRangeException e) {
            goOnElsewhere(e.offsetOutOfRangePartitions());
        }
        boolean moved = updatePositions();
        if (now - partitionsChecked >= PARTITION_CHECK_NANOS) {
            partitionsChecked = now;
            moved |= addNewPartitions();
        }
        publish(moved);
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
            moved |= window.advance(i, positionOf(partitions.get(i)));
        }
        return moved;
    }

    private long positionOf(TopicPartition partition) {
        try {
            return consumer.position(partition, Duration.ZERO);
        } catch (TimeoutException e) {
            LOG.debug("The position in {} is being validated after a change of leader", partition, e);
            return -1;
        }
    }

    /** The offsets of some logs do not go on: their oldest or newest records are gone, or the topics are others by now. */
    private void goOnElsewhere(Map<TopicPartition, Long> outOfRange) {
        Layout described = description.get();
        Layout before = window.layout();
        if (before.topics().stream().allMatch(topic -> isSameTopic(described, before, topic.name()))) {
            outOfRange.forEach(this::goOnAfterGap);
        } else {
            consumer.assign(described.partitions());
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
            window.relocate(window.layout(), position, false);
        }
        appendGap(index, gap);
        consumer.seek(partition, to);
    }

    private void appendGap(int index, Gap gap) {
        frames.clear();
        frames.add(SseEvent.of(EventName.GAP.text, gap.toJson()));
        frameNames[0] = EventName.GAP;
        gaps++;
        views.markAll(window.nextSequence());
        window.append(index, gap.to() - 1, frames, frameNames);
    }

    /** Goes on where the window ends, with a consumer that has these partitions: some, or whole topics, may have been made anew. */
    void goOnWith(Layout described) {
        Layout before = window.layout();
        long[] position = window.next();
        if (!described.topics().equals(before.topics())) {
            long[] beginning = inOrder(described, consumer.beginningOffsets(described.partitions()));
            long[] from = described.rearrange(position, before, beginning);
            position = from.clone();
            boolean continues = true;
            for (int i = 0; i < position.length; i++) {
                if (!isSameTopic(
                        described, before, described.partitions().get(i).topic())) {
                    position[i] = beginning[i];
                    continues = false;
                }
            }
            window.relocate(described, position, continues);
            for (int i = 0; i < position.length; i++) {
                if (!isSameTopic(
                        described, before, described.partitions().get(i).topic())) {
                    appendGap(i, new Gap(described.partitions().get(i), from[i], position[i], Gap.Reason.RECREATED));
                }
            }
        }
        seek(described, position);
        publish(true);
    }

    private static boolean isSameTopic(Layout now, Layout before, String topic) {
        return now.idOf(topic).equals(before.idOf(topic));
    }

    private void seek(Layout layout, long[] position) {
        for (int i = 0; i < position.length; i++) {
            consumer.seek(layout.partitions().get(i), position[i]);
        }
    }

    private static long[] inOrder(Layout layout, Map<TopicPartition, Long> offsets) {
        return layout.partitions().stream().mapToLong(offsets::get).toArray();
    }

    private boolean addNewPartitions() {
        Layout layout = window.layout();
        List<Layout.Topic> topics = new ArrayList<>();
        boolean grown = false;
        try {
            for (Layout.Topic topic : layout.topics()) {
                int known =
                        consumer.partitionsFor(topic.name(), METADATA_TIMEOUT).size();
                grown |= known > topic.partitions();
                topics.add(new Layout.Topic(topic.name(), topic.id(), Math.max(known, topic.partitions())));
            }
            if (grown) {
                growTo(new Layout(topics), layout);
            }
            return grown;
        } catch (TimeoutException e) {
            LOG.debug("No answer about the partitions of {}; they are looked at again", layout, e);
            return false;
        }
    }

    private void growTo(Layout grown, Layout before) {
        long[] first = inOrder(grown, consumer.beginningOffsets(grown.partitions()));
        long[] position = grown.rearrange(window.next(), before, first);
        consumer.assign(grown.partitions());
        seek(grown, position);
        window.relocate(grown, position, true);
    }
}
