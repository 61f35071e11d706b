package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.TopicDescriber;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the topics of a feed are by now: asked of the brokers every few seconds, since a consumer goes on at its offset in a
 * topic that was deleted and created anew without a word, if there are that many records in it again.
 *
 * <p>Brokers learn of changes at different times. So a topic never loses partitions here, and an id that another has
 * replaced is not believed any more.
 *
 * <p>Threads: safe; the lock is held for a few assignments.
 */
final class TopicWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);

    private final List<String> topics;
    private final TopicDescriber describer;
    private final long periodNanos;
    private final AtomicBoolean asking = new AtomicBoolean();

    /** Guarded by this. */
    private final Set<Uuid> replaced = new HashSet<>();

    /** Written under the lock; the same object as long as nothing changes. */
    private volatile Layout layout;

    /** The tail's. */
    private long askedAt;

    /**
     * A watch.
     *
     * @param periodNanos the time between two questions
     * @param now of the clock of {@link #askNowAndThen}
     */
    TopicWatch(List<String> topics, TopicDescriber describer, long periodNanos, long now) {
        this.topics = topics;
        this.describer = describer;
        this.periodNanos = periodNanos;
        this.askedAt = now;
    }

    /** What the brokers said last, or {@code null} before they said anything. */
    Layout layout() {
        return layout;
    }

    /** Asks, if it is time to, without waiting for the answer. */
    void askNowAndThen(long now) {
        if (now - askedAt >= periodNanos && asking.compareAndSet(false, true)) {
            askedAt = now;
            describer.describe(topics).whenComplete(this::answered);
        }
    }

    private void answered(Layout described, Throwable failure) {
        asking.set(false);
        if (failure == null) {
            take(described);
        } else {
            LOG.debug("No good answer about {}; it is asked again", topics, failure);
        }
    }

    /**
     * Asks and waits for the answer, some seconds at most.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException if the brokers know one of the topics not
     * @throws KafkaException if they refuse, or do not answer in time
     */
    Layout ask() {
        try {
            return take(describer.describe(topics).toCompletableFuture().get());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof CompletionException wrapper ? wrapper.getCause() : e.getCause();
            throw cause instanceof KafkaException ofKafka ? ofKafka : new KafkaException(cause);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private synchronized Layout take(Layout described) {
        if (layout == null) {
            layout = described;
            return layout;
        }
        List<Layout.Topic> merged = new ArrayList<>();
        for (Layout.Topic known : layout.topics()) {
            merged.add(newerOf(known, described.topic(known.name())));
        }
        if (!merged.equals(layout.topics())) {
            layout = new Layout(merged);
        }
        return layout;
    }

    private Layout.Topic newerOf(Layout.Topic known, Layout.Topic described) {
        if (described.id().equals(known.id())) {
            return described.partitions() > known.partitions() ? described : known;
        }
        if (replaced.contains(described.id())) {
            return known;
        }
        LOG.info("Topic {} has been deleted and created anew", known.name());
        replaced.add(known.id());
        return described;
    }
}
