package com.opengrail.kafka.sse.testing;

import com.opengrail.kafka.sse.SseEventMapper;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.Description;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import com.opengrail.kafka.sse.internal.source.OffsetQuestion;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthenticationException;

/**
 * A log in this process, without brokers: the one partition of each topic that is asked for. Its consumers fail when they
 * are told to.
 *
 * <p>Threads: safe.
 */
public final class FakeSource implements KafkaSource {
    private final List<ConsumerRecord<byte[], byte[]>> log = new CopyOnWriteArrayList<>();
    private final Queue<Supplier<? extends Throwable>> failures = new ConcurrentLinkedQueue<>();
    private final Queue<Supplier<? extends Throwable>> failuresOfReplays = new ConcurrentLinkedQueue<>();

    private final Queue<Supplier<? extends Throwable>> failuresAfterRecords = new ConcurrentLinkedQueue<>();

    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger polls = new AtomicInteger();
    private final AtomicInteger unsubscriptions = new AtomicInteger();
    private final AtomicInteger consumers = new AtomicInteger();
    private final AtomicInteger replayConsumers = new AtomicInteger();
    private final AtomicInteger closedReplayConsumers = new AtomicInteger();
    private volatile boolean away;
    private volatile boolean unanswered;
    private volatile boolean outdating;
    private volatile SseEventMapper mapper;

    private volatile CompletableFuture<Void> told = CompletableFuture.completedFuture(null);

    /** Where the consumer at the end of the log last found nothing more; written by the thread that polls. */
    private volatile long readTo = -1;

    /** The most that the last consumer of a replay was told to fetch at once. */
    private volatile int replayFetchBytes;

    @Override
    public Consumer<byte[], byte[]> newConsumer(String clientId, int fetchBytes, Runnable metadataChanged) {
        consumers.incrementAndGet();
        return new LogConsumer(failures, Integer.MAX_VALUE);
    }

    @Override
    public Consumer<byte[], byte[]> newReplayConsumer(
            String clientId, int maxRecords, int fetchBytes, Runnable metadataChanged) {
        replayFetchBytes = fetchBytes;
        replayConsumers.incrementAndGet();
        return new LogConsumer(failuresOfReplays, maxRecords);
    }

    @Override
    public CompletionStage<Description> describe(List<String> topics) {
        questions.incrementAndGet();
        List<Layout.Topic> described = topics.stream()
                .map(topic -> new Layout.Topic(topic, new Uuid(1, 2), 1))
                .toList();
        return told.thenApply(known -> new Description(described, Set.of(), Set.of(), Set.of()));
    }

    /** Answers no question about the topic until {@link #tell}. */
    public void keepSilent() {
        told = new CompletableFuture<>();
    }

    /** Answers all questions. */
    public void tell() {
        told.complete(null);
    }

    @Override
    public boolean isOutdatedBy(Consumer<?, ?> consumer, Throwable failure) {
        return outdating && failure instanceof AuthenticationException;
    }

    /** Whether another consumer would log in with something else than one that is refused. */
    public void setOutdating(boolean is) {
        outdating = is;
    }

    @Override
    public boolean isReachable() {
        looks.incrementAndGet();
        return !away;
    }

    /** Whether there is no broker to connect to. */
    public void setAway(boolean is) {
        away = is;
    }

    /** How often somebody has looked for a broker. */
    public int looks() {
        return looks.get();
    }

    /** Whether the brokers answer no fetch from now on. */
    public void leaveUnanswered(boolean is) {
        unanswered = is;
    }

    /** How often anybody has polled. */
    public int polls() {
        return polls.get();
    }

    /** How often a consumer's partitions were taken away. */
    public int unsubscriptions() {
        return unsubscriptions.get();
    }

    /** How often somebody has asked for the topics. */
    public int questions() {
        return questions.get();
    }

    @Override
    public CompletionStage<Long> unstableRecords(OffsetQuestion question) {
        return CompletableFuture.completedStage(0L);
    }

    @Override
    public CompletionStage<LogOffsets> offsets(OffsetQuestion question) {
        long[] atInstant = question.instant() == OffsetQuestion.NO_INSTANT ? new long[0] : new long[1];
        return told.thenApply(
                known -> new LogOffsets(question.layout(), new long[1], new long[] {log.size()}, atInstant));
    }

    @Override
    public int maxPollRecords() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Duration silentAfter() {
        return Duration.ofSeconds(10);
    }

    /** Maps the records for all consumers that are made from now on. */
    public void mapWith(SseEventMapper applications) {
        mapper = applications;
    }

    @Override
    public MapperChain newMapperChain() {
        return new MapperChain(
                true, mapper, null, null, new ReservedNames(Optional.empty()), new MappingFailures(System::nanoTime));
    }

    /** Appends a record. */
    public void produce(String key, String value) {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        log.add(new ConsumerRecord<>("any", 0, log.size(), keyBytes, value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Lets the next poll at the end of the log throw this, made by the thread that polls. */
    public void failOnce(Supplier<? extends Throwable> failure) {
        failures.add(failure);
    }

    /** Lets the consumer at the end of the log throw this when it is asked for its position after the next records. */
    public void failAfterRecordsOnce(Supplier<? extends Throwable> failure) {
        failuresAfterRecords.add(failure);
    }

    /** Lets the next poll of a replay throw this, made by the thread that polls. */
    public void failReplayOnce(Supplier<? extends Throwable> failure) {
        failuresOfReplays.add(failure);
    }

    /** Whether the consumer at the end of the log has asked for more after the last record, and so is done with all of them. */
    public boolean isReadToTheEnd() {
        return readTo == log.size();
    }

    /** How many consumers were made to follow the end of the log. */
    public int consumers() {
        return consumers.get();
    }

    /** How many consumers were made for replays. */
    public int replayConsumers() {
        return replayConsumers.get();
    }

    /** How many of them were closed. */
    public int closedReplayConsumers() {
        return closedReplayConsumers.get();
    }

    public int replayFetchBytes() {
        return replayFetchBytes;
    }

    /** Whether what was to fail has failed. */
    public boolean hasFailed() {
        return failures.isEmpty() && failuresOfReplays.isEmpty();
    }

    private final class LogConsumer extends MockConsumer<byte[], byte[]> {

        private final Queue<Supplier<? extends Throwable>> failures;
        private final int maxRecords;
        private boolean hasRecords;
        private double answers;

        LogConsumer(Queue<Supplier<? extends Throwable>> failures, int maxRecords) {
            super("none");
            this.failures = failures;
            this.maxRecords = maxRecords;
        }

        @Override
        public synchronized void assign(Collection<TopicPartition> partitions) {
            super.assign(partitions);
            partitions.forEach(partition -> updateBeginningOffsets(Map.of(partition, 0L)));
            updateEndOffsets(endOffsets(partitions, Duration.ZERO));
        }

        @Override
        public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration timeout) {
            return beginningOffsets(partitions);
        }

        @Override
        public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
            return partitions.stream().collect(Collectors.toMap(each -> each, each -> (long) log.size()));
        }

        @Override
        public synchronized void unsubscribe() {
            unsubscriptions.incrementAndGet();
            super.unsubscribe();
        }

        @Override
        @SuppressWarnings("deprecation")
        public synchronized void close(Duration timeout) {
            if (failures == failuresOfReplays) {
                closedReplayConsumers.incrementAndGet();
            }
            super.close(timeout);
        }

        @Override
        public synchronized Map<MetricName, ? extends Metric> metrics() {
            MetricName total = new MetricName("fetch-total", "consumer-fetch-manager-metrics", "", Map.of());
            return Map.of(total, new Metric() {
                @Override
                public MetricName metricName() {
                    return total;
                }

                @Override
                public Object metricValue() {
                    return answers;
                }
            });
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polls.incrementAndGet();
            if (unanswered) {
                LockSupport.parkNanos(timeout.toNanos());
                return ConsumerRecords.empty();
            }
            answers++;
            failIfToldTo(failures);
            TopicPartition partition = assignment().iterator().next();
            List<ConsumerRecord<byte[], byte[]>> all = List.copyOf(log);
            int from = (int) position(partition);
            List<ConsumerRecord<byte[], byte[]>> records =
                    all.subList(from, from + Math.min(maxRecords, all.size() - from));
            hasRecords = !records.isEmpty();
            if (records.isEmpty()) {
                foundNothingAt(from);
                LockSupport.parkNanos(timeout.toNanos());
                return ConsumerRecords.empty();
            }
            seek(partition, position(partition) + records.size());
            return new ConsumerRecords<>(
                    Map.of(partition, records), Map.of(partition, new OffsetAndMetadata(position(partition))));
        }

        @Override
        public synchronized long position(TopicPartition partition, Duration timeout) {
            if (hasRecords && failures == FakeSource.this.failures) {
                failIfToldTo(failuresAfterRecords);
            }
            return position(partition);
        }

        private void foundNothingAt(long position) {
            if (failures == FakeSource.this.failures) {
                readTo = position;
            }
        }

        private static void failIfToldTo(Queue<Supplier<? extends Throwable>> toldOf) {
            Supplier<? extends Throwable> made = toldOf.poll();
            Throwable failure = made == null ? null : made.get();
            if (failure instanceof Error error) {
                throw error;
            } else if (failure != null) {
                throw (RuntimeException) failure;
            }
        }
    }
}
