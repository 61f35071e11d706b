package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions whose offsets the brokers did not tell when a feed started, because they had no leader for instance. The
 * feed starts without them. Its position is offset 0 there until the brokers answer. Then it continues at the first record
 * since the feed was asked for.
 *
 * <p>A client that starts at the end starts there with the feed. Nothing can be written to a partition without a leader. So
 * it gets what is written later, unless it has an older timestamp. A client that names an offset of the partition, with its id
 * for instance, or wants it from its first record, reads the partition by itself when the feed has started in it. All others
 * wait for the answer.
 *
 * <p>Threads: the feed's thread; {@link #isEmpty}, {@link #partitions}, {@link #allows}, {@link #startsWithWindow} and
 * {@link #fillIn} from anywhere.
 */
public final class UnansweredPartitions {
    private static final Logger LOG = LoggerFactory.getLogger(UnansweredPartitions.class);

    private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final KafkaSource source;
    private final Instant since;
    private final LongSupplier nanoTime;

    /** Replaced and never changed, since others have it. Written by the feed's thread. */
    private volatile Set<TopicPartition> partitions;

    /** The last answer. Written by whoever brings it. */
    private volatile LogOffsets answer;

    private volatile boolean isAsked;
    private long askedAt;

    /**
     * The partitions that did not answer.
     *
     * @param offsets when the feed started
     * @param since when the feed was asked for: no client came before
     */
    public UnansweredPartitions(LogOffsets offsets, Instant since, KafkaSource source, LongSupplier nanoTime) {
        this.partitions = Set.copyOf(offsets.unknown());
        this.since = since;
        this.source = source;
        this.nanoTime = nanoTime;
        this.askedAt = nanoTime.getAsLong();
    }

    public boolean isEmpty() {
        return partitions.isEmpty();
    }

    public Set<TopicPartition> partitions() {
        return partitions;
    }

    /** True if a client's start does not need an answer of these partitions. */
    public boolean allows(Start start, Layout layout) {
        Start asked = start.asked();
        return startsWithWindow(start)
                || asked instanceof Start.Earliest
                || asked instanceof Start.AtOffset
                || partitions.stream().allMatch(partition -> isNamed(partition, asked, layout));
    }

    private static boolean isNamed(TopicPartition partition, Start asked, Layout layout) {
        return asked instanceof Start.AtOffsets at && at.offsets().containsKey(partition.partition())
                || asked instanceof Start.After after
                        && after.id().next(layout.topic(partition.topic()), partition.partition()) >= 0;
    }

    /** True if a client needs nothing but what came since the feed was asked for. */
    public boolean startsWithWindow(Start start) {
        Start asked = start.asked();
        boolean isAtEnd =
                asked instanceof Start.Since || asked instanceof Start.Latest || asked instanceof Start.UnknownId;
        return isAtEnd && start.since() != null && !start.since().instant().isBefore(since);
    }

    /** What the brokers told for a client's start, with 0 where it starts with the feed, or at a first record they do not know. */
    public LogOffsets fillIn(Start start, LogOffsets offsets) {
        Set<TopicPartition> zero = new HashSet<>(partitions);
        if (start.asked() instanceof Start.Earliest) {
            zero.retainAll(offsets.unknown());
        } else if (!startsWithWindow(start)) {
            zero.clear();
        }
        return offsets.zeroAt(zero);
    }

    /** Removes the partitions of topics that were created anew. They start at their first record. */
    public void relocate(Layout before, Layout described) {
        Set<TopicPartition> anew = new HashSet<>(partitions);
        anew.removeIf(partition -> described.topic(partition.topic()).isSameAs(before.topic(partition.topic())));
        started(anew);
    }

    /** Asks the brokers if it is time to, without waiting for the answer: whether there are leaders, and for the offsets. */
    public void askNowAndThen(Layout layout, TopicWatch topics) {
        long now = nanoTime.getAsLong();
        if (partitions.isEmpty() || isAsked || now - askedAt < ASK_NANOS) {
            return;
        }
        askedAt = now;
        isAsked = true;
        topics.askSoon();
        source.offsets(new OffsetQuestion(layout, topics.undescribed(), since.toEpochMilli()))
                .whenComplete((told, failure) -> {
                    if (failure != null) {
                        LOG.debug("{} have not answered yet", partitions, failure);
                    }
                    answer = told;
                    isAsked = false;
                });
    }

    /** The partitions that have answered lately, with the offsets to start at. */
    public Map<TopicPartition, Long> takeAnswer() {
        LogOffsets told = answer;
        if (told == null) {
            return Map.of();
        }
        answer = null;
        Set<TopicPartition> known = new HashSet<>(partitions);
        known.removeAll(told.unknown());
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (TopicPartition partition : known) {
            int index = told.layout().indexOf(partition);
            starts.put(partition, Math.max(told.earliest()[index], told.atInstant()[index]));
        }
        return starts;
    }

    /** The feed has started in some partitions, which everybody can see. */
    public void started(Set<TopicPartition> in) {
        Set<TopicPartition> left = new HashSet<>(partitions);
        left.removeAll(in);
        partitions = Set.copyOf(left);
    }
}
