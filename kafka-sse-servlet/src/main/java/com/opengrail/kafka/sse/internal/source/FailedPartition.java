package com.opengrail.kafka.sse.internal.source;

import java.util.Collection;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;

/** Finds the partition whose records cannot be read, because of a corrupt batch for instance. Kafka names it in a text alone. */
public final class FailedPartition {
    private FailedPartition() {}

    /** True if a failure may be about the records of one partition. */
    public static boolean isOfRecords(KafkaException failure) {
        return failure instanceof CorruptRecordException || failure.getClass() == KafkaException.class;
    }

    /** The one of these that a failure is about, or {@code null} if it is not about one. */
    public static TopicPartition of(KafkaException failure, Collection<TopicPartition> partitions) {
        return isOfRecords(failure) ? named(String.valueOf(failure.getMessage()), partitions) : null;
    }

    /** Names of topics may be parts of others. A full stop may end the sentence. */
    private static TopicPartition named(String text, Collection<TopicPartition> partitions) {
        return partitions.stream()
                .filter(partition -> Pattern.compile(
                                "(?<![\\w.-])" + Pattern.quote(partition.toString()) + "(?![\\w-]|\\.(?! |$))")
                        .matcher(text)
                        .find())
                .findFirst()
                .orElse(null);
    }
}
