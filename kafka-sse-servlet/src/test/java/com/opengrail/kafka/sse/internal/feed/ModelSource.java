package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.Description;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.OffsetQuestion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** What the brokers of a {@link LogModel} answer, at once; now and then they do not answer. */
record ModelSource(LogModel log) implements KafkaSource {

    @Override
    public Consumer<byte[], byte[]> newConsumer(String clientId, int fetchBytes, Runnable metadataChanged) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Consumer<byte[], byte[]> newReplayConsumer(
            String clientId, int maxRecords, int fetchBytes, Runnable metadataChanged) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Description> describe(List<String> topics) {
        return CompletableFuture.completedStage(log.description());
    }

    @Override
    public boolean isOutdatedBy(Consumer<?, ?> consumer, Throwable failure) {
        return false;
    }

    @Override
    public boolean isReachable() {
        return true;
    }

    @Override
    public CompletionStage<Long> unstableRecords(OffsetQuestion question) {
        return CompletableFuture.completedStage(0L);
    }

    @Override
    public CompletionStage<LogOffsets> offsets(OffsetQuestion question) {
        if (log.random(10) == 0) {
            return CompletableFuture.failedStage(new TimeoutException("as told"));
        }
        Layout layout = question.layout();
        long[] earliest = new long[layout.size()];
        long[] latest = new long[layout.size()];
        long[] since = new long[question.instant() == OffsetQuestion.NO_INSTANT ? 0 : layout.size()];
        for (int i = 0; i < layout.size(); i++) {
            TopicPartition partition = layout.partitions().get(i);
            boolean isSilent = log.isLeaderless(partition) || log.isDeleted(partition.topic()) || log.random(20) == 0;
            earliest[i] = isSilent ? LogOffsets.UNKNOWN : log.beginning(partition);
            latest[i] = isSilent ? LogOffsets.UNKNOWN : log.end(partition);
            if (since.length > 0) {
                since[i] = isSilent ? LogOffsets.UNKNOWN : log.since(question.instant(), partition);
            }
        }
        return CompletableFuture.completedStage(new LogOffsets(layout, earliest, latest, since));
    }

    @Override
    public int maxPollRecords() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Duration silentAfter() {
        throw new UnsupportedOperationException();
    }

    @Override
    public MapperChain newMapperChain() {
        throw new UnsupportedOperationException();
    }
}
