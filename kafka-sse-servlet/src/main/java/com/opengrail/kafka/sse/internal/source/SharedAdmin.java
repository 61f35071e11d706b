package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;

/**
 * Questions to the brokers, which an engine asks by way of one admin client. Those about topics may renew it first.
 *
 * <p>Threads: safe. Who asks about topics may wait while a client is made.
 */
final class SharedAdmin implements AutoCloseable {
    static final int ANSWER_MILLIS = (int) Duration.ofSeconds(10).toMillis();

    /** A topic that may be described and not read is refused here, before a consumer fetches it again and again. */
    private static final DescribeTopicsOptions DESCRIBE =
            new DescribeTopicsOptions().timeoutMs(ANSWER_MILLIS).includeAuthorizedOperations(true);

    /** What {@link #list} gives where no record is as new as the instant. */
    private static final long NO_SUCH_RECORD = -2;

    private static final CompletableFuture<Long> SILENT =
            CompletableFuture.failedFuture(new TimeoutException("No partition has a leader that answers"));

    /** To know some brokers besides the bootstrap servers. */
    private static final int MOST_BROKERS = 3;

    private static final long LATE_NANOS = Duration.ofSeconds(30).toNanos();

    private final OwnedAdmin client;
    private final IsolationLevel isolation;
    private final LogInPause logInPause;
    private final LongSupplier nanoTime;

    /** The partitions that had no leader when their topic was described last. Written under the lock. */
    private volatile Set<TopicPartition> leaderless = Set.of();

    /** Until when nobody waits for partitions that did not tell their offsets in time, though others did: their broker may hang. */
    private final Map<TopicPartition, Long> lateUntil = new ConcurrentHashMap<>();

    /** The addresses of some brokers of the topic that was described last. */
    private volatile Set<String> brokers = Set.of();

    /**
     * One that has not asked yet.
     *
     * @param client to ask by
     * @param isolation of the consumers: whether records of open transactions count
     * @param logInPause keeps questions back that would be in vain
     */
    SharedAdmin(OwnedAdmin client, IsolationLevel isolation, LogInPause logInPause, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.client = client;
        this.isolation = isolation;
        this.logInPause = logInPause;
    }

    /** See {@link KafkaSource#describe}. */
    CompletionStage<Description> describe(List<String> topics) {
        Map<String, KafkaFuture<TopicDescription>> asked;
        try {
            logInPause.pass();
            asked = client.getOrRenew().describeTopics(topics, DESCRIBE).topicNameValues();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedStage(e);
        }
        List<CompletableFuture<TopicDescription>> each = topics.stream()
                .map(topic -> asked.get(topic).toCompletionStage().toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .handle((all, failure) -> description(topics, each));
    }

    private Description description(List<String> names, List<CompletableFuture<TopicDescription>> each) {
        List<Layout.Topic> topics = new ArrayList<>();
        Set<String> absent = new HashSet<>();
        Set<String> refused = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            try {
                TopicDescription topic = each.get(i).join();
                noteLeaders(name, topic.partitions());
                if (!mayBeRead(topic)) {
                    refused.add(name);
                }
                topics.add(new Layout.Topic(
                        name, topic.topicId(), topic.partitions().size()));
            } catch (CompletionException e) {
                boolean isAbsent = e.getCause() instanceof UnknownTopicOrPartitionException;
                if (!isAbsent && !(e.getCause() instanceof TopicAuthorizationException)) {
                    throw failed(e.getCause());
                }
                (isAbsent ? absent : refused).add(name);
                noteLeaders(name, List.of());
            }
        }
        answered();
        Set<TopicPartition> unled = new HashSet<>(leaderless);
        unled.removeIf(partition -> !names.contains(partition.topic()));
        return new Description(topics, absent, refused, unled);
    }

    /** Brokers before 2.3 do not tell, and others may name no operation at all. */
    private static boolean mayBeRead(TopicDescription topic) {
        Set<AclOperation> allowed = topic.authorizedOperations();
        return allowed == null || allowed.contains(AclOperation.READ) || !allowed.contains(AclOperation.DESCRIBE);
    }

    private synchronized void noteLeaders(String topic, List<TopicPartitionInfo> partitions) {
        Set<TopicPartition> all = new HashSet<>(leaderless);
        all.removeIf(partition -> partition.topic().equals(topic));
        partitions.stream()
                .filter(info -> info.leader() == null || info.leader().isEmpty())
                .forEach(info -> all.add(new TopicPartition(topic, info.partition())));
        leaderless = Set.copyOf(all);
        Set<String> found = partitions.stream()
                .flatMap(info -> info.replicas().stream())
                .filter(node -> !node.isEmpty())
                .map(node -> Utils.formatAddress(node.host(), node.port()))
                .distinct()
                .limit(MOST_BROKERS)
                .collect(Collectors.toUnmodifiableSet());
        brokers = found.isEmpty() ? brokers : found;
    }

    Set<String> brokers() {
        return brokers;
    }

    private void answered() {
        client.answered();
        logInPause.answered();
    }

    private CompletionException failed(Throwable failure) {
        if (failure instanceof AuthorizationException) {
            answered();
        }
        logInPause.failed(failure);
        if (failure instanceof AuthenticationException refusal) {
            client.refused(refusal, brokers.size() > 1);
        } else if (failure instanceof TimeoutException) {
            client.unanswered();
        }
        // In this way a client answers that was let go of at this moment.
        boolean isClosing = failure instanceof IllegalStateException;
        return new CompletionException(
                isClosing ? new TimeoutException("The admin client is being replaced", failure) : failure);
    }

    /**
     * See {@link KafkaSource#offsets}. The end is asked for before the instant: what is produced between the two answers is
     * after the offset then. A partition that tells neither of its ends in time is not waited for again soon.
     */
    CompletionStage<LogOffsets> offsets(OffsetQuestion question) {
        Set<TopicPartition> timedOut = ConcurrentHashMap.newKeySet();
        CompletionStage<long[]> earliest = list(question, OffsetSpec.earliest(), isolation, timedOut);
        CompletionStage<long[]> latest = list(question, OffsetSpec.latest(), isolation, timedOut);
        CompletionStage<long[]> written = isolation == IsolationLevel.READ_UNCOMMITTED
                ? latest
                : list(question, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED, timedOut);
        CompletionStage<LogOffsets> bounds = earliest.thenCombine(
                        latest, (first, last) -> new LogOffsets(question.layout(), first, last, new long[0]))
                .thenCombine(written, LogOffsets::withWritten)
                .thenApply(found -> noteLate(found, timedOut));
        return question.instant() == OffsetQuestion.NO_INSTANT
                ? bounds
                : bounds.thenCompose(
                        found -> list(question, OffsetSpec.forTimestamp(question.instant()), isolation, new HashSet<>())
                                .thenApply(at -> found.withInstant(orLatest(at, found))));
    }

    /** See {@link KafkaSource#unstableRecords}. Partitions that do not answer do not count. */
    CompletionStage<Long> unstableRecords(OffsetQuestion question) {
        return list(question, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED, new HashSet<>())
                .thenCombine(
                        list(question, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED, new HashSet<>()),
                        (stable, high) -> IntStream.range(0, high.length)
                                .filter(i -> stable[i] >= 0)
                                .mapToLong(i -> Math.max(0, high[i] - stable[i]))
                                .sum());
    }

    /** No record is as new as the instant: the stream starts at the end. */
    private static long[] orLatest(long[] atInstant, LogOffsets bounds) {
        long[] offsets = atInstant.clone();
        for (int i = 0; i < offsets.length; i++) {
            long latest = bounds.latest()[i];
            boolean isNone = offsets[i] == NO_SUCH_RECORD;
            offsets[i] = isNone ? latest : latest == LogOffsets.UNKNOWN ? offsets[i] : Math.min(offsets[i], latest);
        }
        return offsets;
    }

    /**
     * Lists the offsets of partitions that have a leader. For one without, Kafka's client would ask the brokers for its leader
     * a thousand times a second. For a topic that is not described it would ask until the time is over, or log an error.
     *
     * @param timedOut takes the partitions whose brokers have not answered
     */
    private CompletionStage<long[]> list(
            OffsetQuestion question, OffsetSpec spec, IsolationLevel isolation, Set<TopicPartition> timedOut) {
        List<TopicPartition> partitions = question.layout().partitions();
        Set<TopicPartition> asked = new HashSet<>(TopicWatch.readable(question.layout(), question.undescribed()));
        asked.removeAll(leaderless);
        // Where there are no others, late ones are waited for.
        if (!asked.stream().allMatch(this::isLate)) {
            asked.removeIf(this::isLate);
        }
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        asked.forEach(partition -> specs.put(partition, spec));
        ListOffsetsResult result;
        try {
            // If there is no client, the question that passes the pause is one that makes it.
            Admin present = client.getOrMake();
            logInPause.pass();
            result = present.listOffsets(specs, new ListOffsetsOptions(isolation).timeoutMs(ANSWER_MILLIS));
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedStage(e);
        }
        List<CompletableFuture<Long>> each = partitions.stream()
                .map(partition -> asked.contains(partition) ? offset(result.partitionResult(partition)) : SILENT)
                .toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).handle((all, failure) -> {
            IntStream.range(0, partitions.size())
                    .filter(i -> asked.contains(partitions.get(i)) && isTimeout(each.get(i)))
                    .forEach(i -> timedOut.add(partitions.get(i)));
            return answered(each, failure);
        });
    }

    private boolean isLate(TopicPartition partition) {
        Long until = lateUntil.get(partition);
        return until != null && until - nanoTime.getAsLong() > 0;
    }

    /** Those that have told neither of their ends are late. */
    private LogOffsets noteLate(LogOffsets found, Set<TopicPartition> timedOut) {
        lateUntil.keySet().removeIf(partition -> !isLate(partition));
        Set<TopicPartition> late = found.silent();
        late.retainAll(timedOut);
        late.forEach(partition -> lateUntil.put(partition, nanoTime.getAsLong() + LATE_NANOS));
        return found;
    }

    private static boolean isTimeout(CompletableFuture<Long> answer) {
        return answer.handle((offset, failure) -> failure != null && failure.getCause() instanceof TimeoutException)
                .join();
    }

    private static CompletableFuture<Long> offset(KafkaFuture<ListOffsetsResult.ListOffsetsResultInfo> answer) {
        return answer.toCompletionStage()
                .toCompletableFuture()
                .thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset);
    }

    /** The offsets of those that answered; fails if none did. */
    private long[] answered(List<CompletableFuture<Long>> each, Throwable failure) {
        long[] offsets = new long[each.size()];
        boolean isAny = false;
        for (int i = 0; i < offsets.length; i++) {
            CompletableFuture<Long> one = each.get(i);
            boolean isAnswered = !one.isCompletedExceptionally();
            long found = isAnswered ? one.join() : LogOffsets.UNKNOWN;
            offsets[i] = isAnswered && found < 0 ? NO_SUCH_RECORD : found;
            isAny |= isAnswered;
        }
        if (!isAny) {
            throw failed(failure instanceof CompletionException wrapper ? wrapper.getCause() : failure);
        }
        answered();
        return offsets;
    }

    @Override
    public void close() {
        client.close();
    }
}
