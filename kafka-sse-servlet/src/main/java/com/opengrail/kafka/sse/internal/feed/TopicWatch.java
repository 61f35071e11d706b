package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.TopicDescriber;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * <p>Brokers learn of changes at different times, and one that is behind tells of what has been. So a topic never loses
 * partitions here; another id is believed when it has been told several times in a row, one that was replaced before only
 * after many.
 *
 * <p>Threads: safe; the lock is held for a few assignments.
 */
final class TopicWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);

    private static final int ANSWERS_TO_BELIEVE = 2;
    private static final int ANSWERS_TO_BELIEVE_AGAIN = 6;

    /** Another id of a topic, and how many answers in a row told of it. */
    private record Rumour(Uuid id, int answers) {}

    private final List<String> topics;
    private final TopicDescriber describer;
    private final long periodNanos;
    private final AtomicBoolean asking = new AtomicBoolean();

    /** Guarded by this. */
    private final Set<Uuid> replaced = new HashSet<>();

    private final Map<String, Rumour> rumours = new HashMap<>();

    /** Written under the lock; the same object as long as nothing changes. */
    private volatile Layout layout;

    private volatile boolean rumoured;

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

    /** Asks, if it is time to or there is a rumour, without waiting for the answer. */
    void askNowAndThen(long now) {
        if ((now - askedAt >= periodNanos || rumoured) && asking.compareAndSet(false, true)) {
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
     * Asks and waits for the answer, some seconds at most; again if there is a rumour.
     *
     * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException if the brokers know one of the topics not
     * @throws KafkaException if they refuse, or do not answer in time
     */
    Layout ask() {
        Layout answered = askOnce();
        for (int i = 1; i < ANSWERS_TO_BELIEVE && rumoured; i++) {
            answered = askOnce();
        }
        return answered;
    }

    private Layout askOnce() {
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
        rumoured = !rumours.isEmpty();
        if (!merged.equals(layout.topics())) {
            layout = new Layout(merged);
        }
        return layout;
    }

    private Layout.Topic newerOf(Layout.Topic known, Layout.Topic described) {
        if (described.id().equals(known.id())) {
            rumours.remove(known.name());
            return described.partitions() > known.partitions() ? described : known;
        }
        Rumour before = rumours.get(known.name());
        boolean isOld = before != null && before.id().equals(described.id());
        Rumour rumour = new Rumour(described.id(), isOld ? before.answers() + 1 : 1);
        int enough = replaced.contains(described.id()) ? ANSWERS_TO_BELIEVE_AGAIN : ANSWERS_TO_BELIEVE;
        if (rumour.answers() < enough) {
            rumours.put(known.name(), rumour);
            return known;
        }
        LOG.info("Topic {} has been deleted and created anew", known.name());
        rumours.remove(known.name());
        replaced.add(known.id());
        return described;
    }
}
