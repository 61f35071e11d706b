package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * A Kafka cluster as the readers see it.
 *
 * <p>Threads: safe; what it gives belongs to the caller.
 */
public interface KafkaSource extends AutoCloseable {

    /** A consumer of the records as bytes, in no group. */
    Consumer<byte[], byte[]> newConsumer(String clientId);

    /** A consumer of that kind, of which one poll gives a number of records at most. */
    Consumer<byte[], byte[]> newReplayConsumer(String clientId, int maxRecords);

    /**
     * Asks for the ids and partitions of topics, without waiting. The answer comes within some seconds.
     *
     * <p>It fails with {@link org.apache.kafka.common.errors.UnknownTopicOrPartitionException} if the brokers do not know one
     * of the topics, and with another {@link org.apache.kafka.common.KafkaException} if they refuse or do not answer in time.
     */
    CompletionStage<Layout> describe(List<String> topics);

    /**
     * Asks for offsets, without waiting. The answer comes within some seconds; partitions that do not answer in that time are
     * {@link LogOffsets#UNKNOWN}. It fails with a {@link org.apache.kafka.common.KafkaException} if none answers.
     */
    CompletionStage<LogOffsets> offsets(OffsetQuestion question);

    /** A consumer that got no answer for this long is not served any more. */
    Duration silentAfter();

    /** What makes events of the records; one for each reading thread. */
    MapperChain newMapperChain();

    /** Lets go of the brokers; asking fails from then on. */
    @Override
    void close();
}
