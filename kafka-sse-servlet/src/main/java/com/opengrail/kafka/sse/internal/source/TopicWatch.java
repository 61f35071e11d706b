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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of a feed as the brokers describe them. A consumer does not notice that a topic was deleted and created anew, so
 * the brokers are asked every few seconds.
 *
 * <p>Brokers learn of changes at different times, and one that is behind describes the past. So a topic never loses partitions
 * here, not even while it does not exist. A new id is believed when two answers in a row tell it; one that was replaced before,
 * after six. That a topic does not exist is believed at the second answer, and that it is gone for good at the sixth. One that
 * has not existed yet has no partitions.
 *
 * <p>Threads: safe. The lock is held for a few assignments.
 */
public final class TopicWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);

    private static final int ANSWERS_TO_BELIEVE = 2;
    private static final int ANSWERS_TO_BELIEVE_AGAIN = 6;

    /** The brokers are asked again so soon if one has told something new. */
    private static final long CONFIRM_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** The longest time between two questions while something cannot be read: somebody waits for it. */
    private static final long UNREADABLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What may be lost by waiting for an answer that does not come. */
    private static final long CONFIRM_MILLIS = 500;

    /** A little more than an answer may take. */
    private static final long ANSWER_SECONDS = 11;

    /** While leaders are missing the brokers are asked each second. An older answer says nothing of now. */
    private static final long LEADERLESS_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** What is known after an answer. It changes as a whole: a topic that was created anew must not be read as the one before. */
    private static final class Known {
        /** The same object as long as nothing changes; {@code null} before the topics are known. */
        final Layout layout;

        final Set<String> absent;
        final Set<String> gone;
        final Set<String> undescribed;
        final Set<String> unreadable;
        final String unreadableReason;
        final Description told;

        /** The answer needs another one that confirms it. */
        final boolean isUnsure;

        Known(Layout layout, Set<String> absent, Set<String> gone, Description told, boolean isUnsure) {
            this.layout = layout;
            this.absent = absent;
            this.gone = gone;
            this.told = told;
            this.isUnsure = isUnsure;
            Set<String> names = new HashSet<>(told.refused());
            names.addAll(absent);
            this.unreadable = Set.copyOf(names);
            names.removeIf(name -> told.topic(name) != null && !absent.contains(name));
            this.undescribed = Set.copyOf(names);
            this.unreadableReason = unreadable.stream()
                    .sorted()
                    .map(topic -> "Cannot read " + topic + ", which "
                            + (absent.contains(topic) ? "does not exist" : "may not be read"))
                    .collect(Collectors.joining("; "));
        }
    }

    /** An id that is not believed yet, and how many answers in a row told of it. */
    private record UnconfirmedId(Uuid id, int answers) {}

    private final List<String> topics;
    private final KafkaSource source;
    private final long periodNanos;
    private final LongSupplier nanoTime;
    private final AtomicBoolean asking = new AtomicBoolean();

    /** Guarded by this. */
    private final Set<Uuid> replaced = new HashSet<>();

    private final Map<String, UnconfirmedId> unconfirmed = new HashMap<>();

    /** How many answers in a row told that a topic does not exist. */
    private final Map<String, Integer> absences = new HashMap<>();

    /** Written under the lock. */
    private volatile Known known =
            new Known(null, Set.of(), Set.of(), new Description(List.of(), Set.of(), Set.of(), Set.of()), false);

    /** When the last answer came, written before what it told. */
    private volatile long toldAt;

    private volatile long askedAt;

    /** Written from anywhere, and taken back by whoever asks. */
    private volatile boolean isWanted;

    /** A watch with this time between two questions. */
    public TopicWatch(List<String> topics, KafkaSource source, long periodNanos, LongSupplier nanoTime) {
        this.topics = topics;
        this.source = source;
        this.periodNanos = periodNanos;
        this.nanoTime = nanoTime;
        this.askedAt = nanoTime.getAsLong();
    }

    public List<String> topics() {
        return topics;
    }

    /** The topics as the brokers described them last, or {@code null} before they did. */
    public Layout layout() {
        return known.layout;
    }

    /** The topics that do not exist: the brokers have said so twice. */
    public Set<String> absent() {
        return known.absent;
    }

    /** The topics that do not exist or may not be described: questions about them are not answered. */
    public Set<String> undescribed() {
        return known.undescribed;
    }

    /** The topics that do not exist, and whose records are gone: the brokers have said so many times. */
    public Set<String> gone() {
        return known.gone;
    }

    /** The topics that do not exist or may not be read: whoever fetches them is refused again and again. */
    public Set<String> unreadable() {
        return known.unreadable;
    }

    /** Why each of the {@link #unreadable} topics cannot be read; empty if there are none. */
    public String unreadableReason() {
        return known.unreadableReason;
    }

    /**
     * The partitions that had no leader as of the last answer; none if that was some seconds ago. A consumer may connect to a
     * broker that is back long before anybody tells.
     */
    public Set<TopicPartition> leaderless() {
        Set<TopicPartition> told = known.told.leaderless();
        return told.isEmpty() || nanoTime.getAsLong() - toldAt > LEADERLESS_NANOS ? Set.of() : told;
    }

    /** True if partitions had no leader as of the last answer, whenever that was. */
    public boolean isLeaderMissing() {
        return !known.told.leaderless().isEmpty();
    }

    /** The partitions of a layout whose topics are not among the {@link #unreadable} ones. */
    public static List<TopicPartition> readable(Layout layout, Set<String> unreadable) {
        return unreadable.isEmpty()
                ? layout.partitions()
                : layout.partitions().stream()
                        .filter(partition -> !unreadable.contains(partition.topic()))
                        .toList();
    }

    /**
     * Fails if none of the topics can be read as of the last answers: there is no use in moving a consumer there.
     *
     * @throws UnknownTopicsException if they do not exist
     * @throws TopicAuthorizationException if they, or those of them that exist, may not be read
     */
    public void requireReadable() {
        Known now = known;
        if (now.unreadable.size() == topics.size()) {
            throw refusedOr(new UnknownTopicsException(now.absent), now.told);
        }
    }

    private static KafkaException refusedOr(KafkaException otherwise, Description told) {
        return told.refused().isEmpty() ? otherwise : new TopicAuthorizationException(told.refused());
    }

    /** Asks if it is time to, without waiting for the answer. */
    public void askNowAndThen() {
        Known now = known;
        boolean isUrgent = now.isUnsure || isWanted;
        boolean isWell = now.unreadable.isEmpty() && !isLeaderMissing();
        ask(isUrgent ? CONFIRM_NANOS : isWell ? periodNanos : Math.min(periodNanos, UNREADABLE_NANOS));
    }

    /** Asks without waiting for the answer, since there is a reason to. Any number of callers cost one question at a time. */
    public void askSoon() {
        ask(CONFIRM_NANOS);
    }

    private void ask(long sinceLast) {
        long now = nanoTime.getAsLong();
        if (now - askedAt >= sinceLast && asking.compareAndSet(false, true)) {
            askedAt = now;
            isWanted = false;
            describe().whenComplete((described, failure) -> asking.set(false));
        }
    }

    /** Lets {@link #askNowAndThen} ask soon, for threads that must not wait while the admin client is renewed. */
    public void wantAnswer() {
        isWanted = true;
    }

    private CompletionStage<Layout> describe() {
        return source.describe(topics).handle(this::answered);
    }

    private Layout answered(Description told, Throwable failure) {
        if (failure == null) {
            return take(told);
        }
        Throwable cause = failure instanceof CompletionException wrapper ? wrapper.getCause() : failure;
        LOG.debug("No usable answer about {}; asking again", topics, cause);
        throw cause instanceof KafkaException ofKafka ? ofKafka : new KafkaException(cause);
    }

    /**
     * Asks and waits for the answer, some seconds at most; again if it has to be confirmed.
     *
     * @throws UnknownTopicsException if the brokers know none of the topics
     * @throws KafkaException if they refuse to describe a topic that is not known, or do not answer in time
     */
    public Layout ask() {
        Layout answered = null;
        for (int answers = 0; answers < ANSWERS_TO_BELIEVE && (answers == 0 || known.isUnsure); answers++) {
            answered = KafkaSource.await(describe(), ANSWER_SECONDS, "No answer about " + topics);
        }
        requireReadable();
        if (answered == null) {
            throw refusedOr(new TimeoutException("The brokers do not agree yet about " + topics), known.told);
        }
        return answered;
    }

    /**
     * Finds out what has become of the topics, since there is a reason to doubt: asks, again if that has to be confirmed, and
     * waits a moment for the answers. Without one everything stays as it is known.
     */
    public void confirm() {
        try {
            for (int answers = 0; answers < ANSWERS_TO_BELIEVE && (answers == 0 || known.isUnsure); answers++) {
                describe()
                        .handle((described, failure) -> described)
                        .toCompletableFuture()
                        .get(CONFIRM_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            LOG.debug("The state of {} is not known yet", topics, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private synchronized Layout take(Description told) {
        List<Layout.Topic> now = new ArrayList<>();
        for (String name : topics) {
            Layout.Topic topic = take(name, told);
            if (topic != null) {
                now.add(topic);
            }
        }
        Set<String> absent = absentFor(ANSWERS_TO_BELIEVE);
        Set<String> gone = absentFor(ANSWERS_TO_BELIEVE_AGAIN);
        Layout layout = known.layout;
        boolean isComplete = now.size() == topics.size() && absent.size() < topics.size();
        if (isComplete && (layout == null || !isSame(layout, now))) {
            layout = new Layout(now);
        }
        boolean isUnsure = !unconfirmed.isEmpty() || gone.size() < absences.size();
        toldAt = nanoTime.getAsLong();
        known = new Known(layout, absent, gone, told, isUnsure);
        return layout;
    }

    private static boolean isSame(Layout layout, List<Layout.Topic> described) {
        return described.stream().allMatch(topic -> topic.equals(layout.topic(topic.name())));
    }

    private Set<String> absentFor(int answers) {
        Set<String> names = new HashSet<>(absences.keySet());
        names.removeIf(name -> absences.get(name) < answers);
        return Set.copyOf(names);
    }

    /** A topic as it is known after an answer, or {@code null} if it is not known yet. */
    private Layout.Topic take(String name, Description told) {
        Layout.Topic before = known.layout == null ? null : known.layout.topic(name);
        if (told.absent().contains(name)) {
            unconfirmed.remove(name);
            int answers = absences.merge(name, 1, Integer::sum);
            Layout.Topic none = answers < ANSWERS_TO_BELIEVE ? null : new Layout.Topic(name, Uuid.ZERO_UUID, 0);
            return before == null ? none : before;
        }
        Layout.Topic described = told.topic(name);
        Layout.Topic newest = before == null || described == null ? described : newerOf(before, described);
        if (described == null) {
            // It is refused: no answer will end a doubt for now.
            unconfirmed.remove(name);
            absences.computeIfPresent(name, (any, answers) -> answers < ANSWERS_TO_BELIEVE_AGAIN ? null : answers);
        } else if (!unconfirmed.containsKey(name)) {
            absences.remove(name);
        }
        return newest == null ? before : newest;
    }

    private Layout.Topic newerOf(Layout.Topic before, Layout.Topic described) {
        if (described.isSameAs(before)) {
            unconfirmed.remove(before.name());
            return merge(before, described);
        }
        UnconfirmedId last = unconfirmed.get(before.name());
        int answers = last != null && last.id().equals(described.id()) ? last.answers() + 1 : 1;
        int enough = replaced.contains(described.id()) ? ANSWERS_TO_BELIEVE_AGAIN : ANSWERS_TO_BELIEVE;
        if (answers < enough) {
            unconfirmed.put(before.name(), new UnconfirmedId(described.id(), answers));
            return before;
        }
        LOG.info("Topic {} has been deleted and created anew", before.name());
        unconfirmed.remove(before.name());
        replaced.add(before.id());
        return described;
    }

    /** Brokers that tell no id do not make a known one unknown. */
    private static Layout.Topic merge(Layout.Topic before, Layout.Topic described) {
        Uuid id = described.hasNoId() ? before.id() : described.id();
        return new Layout.Topic(before.name(), id, Math.max(before.partitions(), described.partitions()));
    }
}
