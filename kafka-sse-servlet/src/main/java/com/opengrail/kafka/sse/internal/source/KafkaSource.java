package com.opengrail.kafka.sse.internal.source;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Where the readers get their records from: the seam between them and a Kafka cluster.
 *
 * <p>Threads: safe; what it gives belongs to the caller.
 */
public interface KafkaSource {

    /** A consumer of the records as bytes, in no group. */
    Consumer<byte[], byte[]> newConsumer(String clientId);

    /** A consumer of that kind that gives a number of records in one poll at the most. */
    Consumer<byte[], byte[]> newReplayConsumer(String clientId, int maxRecords);

    /** Asks about topics until it is closed. */
    TopicDescriber newDescriber();

    /** A consumer that got no answer for this long is not served any more. */
    Duration silentAfter();

    /** What makes events of the records; one for each reading thread. */
    MapperChain newMapperChain();
}
