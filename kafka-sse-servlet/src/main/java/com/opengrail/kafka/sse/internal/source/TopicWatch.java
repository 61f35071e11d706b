package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of a feed as the brokers describe them. A consumer does not notice that a topic was deleted and created anew, so
 * the brokers are asked every few seconds.
 *
 * <p>Brokers learn of changes at different times, and one that is behind describes the past. So a topic never loses partitions
 * here. A new id is believed when two answers in a row tell it; one that was replaced before, after six. That a topic does not
 * exist is believed at the second answer.
 *
 * <p>Threads: safe. The lock is held for a few assignments.
 */
public final class TopicWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);

    private static final int ANSWERS_TO_BELIEVE = 2;
    private static final int ANSWERS_TO_BELIEVE_AGAIN = 6;

    /** The brokers are asked again so soon if one has told something new. */
    private static final long CONFIRM_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** What may be lost by waiting for an answer that does not come. */
    private static final long CONFIRM_MILLIS = 500;

    /** A little more than an answer may take. */
    private static final long ANSWER_SECONDS = 6;

    /** Another id of a topic, and how many answers in a row told of it. */
    private record Rumour(Uuid id, int answers) {}

    private final List<String> topics;
    private final KafkaSource source;
    private final long periodNanos;
    private final LongSupplier nanoTime;
    private final AtomicBoolean asking = new AtomicBoolean();

    /** Guarded by this. */
    private final Set<Uuid> replaced = new HashSet<>();

    private final Map<String, Rumour> rumours = new HashMap<>();

    /** Written under the lock; the same object as long as nothing changes. */
    private volatile Layout layout;

    /** Written under the lock. */
    private volatile boolean rumoured;

    /** Written under the lock: the answers in a row that a topic does not exist. */
    private volatile int unknown;

    /** Written under the lock: the refusal, if that was the last answer. */
    private volatile TopicAuthorizationException refusal;

    private volatile long askedAt;

    /**
     * A watch.
     *
     * @param periodNanos the time between two questions
     */
    public TopicWatch(List<String> topics, KafkaSource source, long periodNanos, LongSupplier nanoTime) {
        this.topics = topics;
        this.source = source;
        this.periodNanos = periodNanos;
        this.nanoTime = nanoTime;
        this.askedAt = nanoTime.getAsLong();
    }

    /** The names of the topics. */
    public List<String> topics() {
        return topics;
    }

    /** The topics as the brokers described them last, or {@code null} before they did. */
    public Layout layout() {
        return layout;
    }

    /** True if the brokers have said twice that one of the topics does not exist. */
    public boolean isUnknown() {
        return unknown >= ANSWERS_TO_BELIEVE;
    }

    /**
     * Fails if the topics cannot be read as of the last answers: there is no use in moving a consumer there.
     *
     * @throws UnknownTopicOrPartitionException if one of them does not exist
     * @throws TopicAuthorizationException if one of them may not be read
     */
    public void requireReadable() {
        TopicAuthorizationException refused = refusal;
        if (refused != null) {
            throw refused;
        }
        if (isUnknown()) {
            throw new UnknownTopicOrPartitionException("The topic does not exist any more");
        }
    }

    /** Asks if it is time to, without waiting for the answer. */
    public void askNowAndThen() {
        ask(rumoured || unknown > 0 ? CONFIRM_NANOS : periodNanos);
    }

    /** Asks without waiting for the answer, since there is a reason to. Any number of callers cost one question at a time. */
    public void askSoon() {
        ask(CONFIRM_NANOS);
    }

    private void ask(long sinceLast) {
        long now = nanoTime.getAsLong();
        if (now - askedAt >= sinceLast && asking.compareAndSet(false, true)) {
            askedAt = now;
            describe().whenComplete((described, failure) -> asking.set(false));
        }
    }

    private CompletionStage<Layout> describe() {
        return source.describe(topics).handle(this::answered);
    }

    private Layout answered(Layout described, Throwable failure) {
        if (failure == null) {
            return take(described);
        }
        Throwable cause = failure instanceof CompletionException wrapper ? wrapper.getCause() : failure;
        if (cause instanceof UnknownTopicOrPartitionException) {
            toldUnknown();
        } else if (cause instanceof TopicAuthorizationException refused) {
            toldRefused(refused);
        }
        LOG.debug("No usable answer about {}; asking again", topics, cause);
        throw cause instanceof KafkaException ofKafka ? ofKafka : new KafkaException(cause);
    }

    private synchronized void toldRefused(TopicAuthorizationException refused) {
        refusal = refused;
    }

    private synchronized void toldUnknown() {
        refusal = null;
        unknown++;
    }

    /**
     * Asks and waits for the answer, some seconds at most; again if it has to be confirmed.
     *
     * @throws UnknownTopicOrPartitionException if the brokers do not know one of the topics
     * @throws KafkaException if they refuse, or do not answer in time
     */
    public Layout ask() {
        for (int answers = 1; ; answers++) {
            try {
                Layout answered = askOnce();
                if (!rumoured || answers >= ANSWERS_TO_BELIEVE) {
                    return answered;
                }
            } catch (UnknownTopicOrPartitionException e) {
                if (isUnknown()) {
                    throw e;
                }
            }
        }
    }

    /**
     * Finds out what has become of the topics, since there is a reason to doubt: asks, again if that has to be confirmed, and
     * waits a moment for the answers. Without one everything stays as it is known.
     */
    public void confirm() {
        try {
            boolean isSure = false;
            for (int answers = 0; !isSure && answers < ANSWERS_TO_BELIEVE; answers++) {
                describe()
                        .handle((described, failure) -> described)
                        .toCompletableFuture()
                        .get(CONFIRM_MILLIS, TimeUnit.MILLISECONDS);
                isSure = !rumoured && unknown == 0;
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("The state of {} is not known yet", topics, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private Layout askOnce() {
        return KafkaSource.await(describe(), ANSWER_SECONDS, "No answer about " + topics);
    }

    private synchronized Layout take(Layout described) {
        unknown = 0;
        refusal = null;
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
        if (described.isSameAs(known)) {
            rumours.remove(known.name());
            return merge(known, described);
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

    /** Brokers that tell no id do not make a known one unknown. */
    private static Layout.Topic merge(Layout.Topic known, Layout.Topic described) {
        Uuid id = described.hasNoId() ? known.id() : described.id();
        return new Layout.Topic(known.name(), id, Math.max(known.partitions(), described.partitions()));
    }
}
