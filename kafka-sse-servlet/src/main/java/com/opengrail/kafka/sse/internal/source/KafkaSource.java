package com.opengrail.kafka.sse.internal.source;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * A Kafka cluster as the readers see it.
 *
 * <p>Threads: safe; what it gives belongs to the caller.
 */
public interface KafkaSource {

    /**
     * A consumer of the records as bytes, in no group.
     *
     * @param fetchBytes the most bytes of one fetch from one broker, unless the settings or a single batch of records ask for
     *     fewer or more
     * @param metadataChanged is run within a poll that ended early, since the brokers have told something about topics
     * @throws NoClientException if it cannot be made
     */
    Consumer<byte[], byte[]> newConsumer(String clientId, int fetchBytes, Runnable metadataChanged);

    /**
     * A consumer of that kind. One poll gives at most this number of records.
     *
     * @throws AuthenticationException without trying, if the last question to the brokers failed with it
     */
    Consumer<byte[], byte[]> newReplayConsumer(
            String clientId, int maxRecords, int fetchBytes, Runnable metadataChanged);

    /**
     * Asks for the ids and partitions of topics, without waiting for the answer. It comes within some seconds. It fails with a
     * {@link KafkaException} if the brokers do not answer in that time.
     */
    CompletionStage<Description> describe(List<String> topics);

    /**
     * Asks for offsets, without waiting. The answer comes within some seconds; partitions that do not answer in that time are
     * {@link LogOffsets#UNKNOWN}. It fails with a {@link KafkaException} if none answers.
     */
    CompletionStage<LogOffsets> offsets(OffsetQuestion question);

    /**
     * Asks how many records of all partitions are of transactions that are still open, or lie behind one: from the last
     * stable offset to the high watermark. A transaction that hangs shows as a number that does not fall.
     */
    CompletionStage<Long> unstableRecords(OffsetQuestion question);

    /**
     * True if a broker accepts connections, or if no address is known. Waits for half a second for each address that does
     * not answer, and for the look-up of names.
     */
    boolean isReachable();

    /**
     * True if a consumer that is made now may log in where this one was refused, since credentials have changed. May be as slow as
     * making one.
     *
     * @param consumer that failed, or {@code null} if there is none
     */
    boolean isOutdatedBy(Consumer<?, ?> consumer, Throwable failure);

    /** The most records that one poll of {@link #newConsumer} gives. */
    int maxPollRecords();

    /** A consumer that got no answer for this long is not served any more. */
    Duration silentAfter();

    /**
     * What makes events of the records; one for each reading thread.
     *
     * @throws NoClientException if its deserializers cannot be made
     */
    MapperChain newMapperChain();

    /**
     * Waits for an answer, and throws what the brokers say instead.
     *
     * @param otherwise what an exception says if there is no answer in time
     */
    static <T> T await(CompletionStage<T> answer, long seconds, String otherwise) {
        try {
            return answer.toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException ofKafka ? ofKafka : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException(otherwise, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
