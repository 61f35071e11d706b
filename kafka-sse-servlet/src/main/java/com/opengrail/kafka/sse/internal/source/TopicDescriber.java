package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Asks the brokers what topics there are.
 *
 * <p>Threads: safe.
 */
public interface TopicDescriber extends AutoCloseable {

    /**
     * Asks for the ids and partitions of topics, without waiting for the answer, which comes within some seconds.
     *
     * <p>It fails with {@link org.apache.kafka.common.errors.UnknownTopicOrPartitionException} if the brokers know one of the
     * topics not, and with another {@link org.apache.kafka.common.KafkaException} if they refuse or do not answer in time.
     */
    CompletionStage<Layout> describe(List<String> topics);

    /** Lets go; asking fails from then on. */
    @Override
    void close();
}
