package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The one admin client of an engine. It is made for the first question and lives as long as the engine.
 *
 * <p>Threads: safe. The lock is held while the client is made, which asks nobody.
 */
final class SharedAdmin implements AutoCloseable {
    private static final int ANSWER_MILLIS = (int) Duration.ofSeconds(5).toMillis();

    /** What {@link #list} gives where no record is as new as the instant. */
    private static final long NO_SUCH_RECORD = -2;

    private final Supplier<Admin> maker;
    private final IsolationLevel isolation;

    /** Guarded by this. */
    private Admin admin;

    private boolean closed;

    /**
     * A client that is not made yet.
     *
     * @param maker makes it
     * @param isolation of the consumers: whether records of open transactions count
     */
    SharedAdmin(Supplier<Admin> maker, IsolationLevel isolation) {
        this.maker = maker;
        this.isolation = isolation;
    }

    private synchronized Admin admin() {
        if (closed) {
            throw new KafkaException("The engine is closed");
        }
        if (admin == null) {
            admin = maker.get();
        }
        return admin;
    }

    /** See {@link KafkaSource#describe}. */
    CompletionStage<Layout> describe(List<String> topics) {
        try {
            return admin().describeTopics(topics, new DescribeTopicsOptions().timeoutMs(ANSWER_MILLIS))
                    .allTopicNames()
                    .toCompletionStage()
                    .thenApply(SharedAdmin::layout);
        } catch (KafkaException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static Layout layout(Map<String, TopicDescription> described) {
        List<Layout.Topic> topics = new ArrayList<>();
        described.forEach((name, topic) -> topics.add(
                new Layout.Topic(name, topic.topicId(), topic.partitions().size())));
        return new Layout(topics);
    }

    /**
     * See {@link KafkaSource#offsets}. The end is asked for before the instant: what is produced between the two answers is
     * after the offset then.
     */
    CompletionStage<LogOffsets> offsets(OffsetQuestion question) {
        Layout layout = question.layout();
        CompletionStage<long[]> earliest = list(layout, OffsetSpec.earliest());
        CompletionStage<LogOffsets> bounds = earliest.thenCombine(
                list(layout, OffsetSpec.latest()), (first, last) -> new LogOffsets(layout, first, last, new long[0]));
        return question.instant() == OffsetQuestion.NO_INSTANT
                ? bounds
                : bounds.thenCompose(found -> list(layout, OffsetSpec.forTimestamp(question.instant()))
                        .thenApply(
                                at -> new LogOffsets(layout, found.earliest(), found.latest(), orLatest(at, found))));
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

    private CompletionStage<long[]> list(Layout layout, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        layout.partitions().forEach(partition -> asked.put(partition, spec));
        ListOffsetsResult result;
        try {
            result = admin().listOffsets(asked, new ListOffsetsOptions(isolation).timeoutMs(ANSWER_MILLIS));
        } catch (KafkaException e) {
            return CompletableFuture.failedStage(e);
        }
        List<CompletableFuture<Long>> each = layout.partitions().stream()
                .map(partition -> result.partitionResult(partition)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset))
                .toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .handle((all, failure) -> answered(each, failure));
    }

    /** The offsets of those that answered; fails if none did. */
    private static long[] answered(List<CompletableFuture<Long>> each, Throwable failure) {
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
            throw new CompletionException(failure);
        }
        return offsets;
    }

    @Override
    public void close() {
        Admin made;
        synchronized (this) {
            closed = true;
            made = admin;
            admin = null;
        }
        if (made != null) {
            made.close(Duration.ZERO);
        }
    }
}
