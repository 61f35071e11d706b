package com.opengrail.kafka.sse.internal.position;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.common.TopicPartition;

/**
 * A part of the log that a client asked for and does not get.
 *
 * @param partition the partition, or {@code null} if the gap is not in one partition
 * @param from the offset that was asked for
 * @param to the offset at which the stream continues
 * @param reason why the records are missing
 */
public record Gap(TopicPartition partition, long from, long to, Reason reason) {
    /** The name of the event that tells a client of a gap. */
    public static final String EVENT = "stream-gap";

    /** The topics of the request differ from those of the client's last event id. */
    public static final Gap TOPICS = new Gap(null, 0, 0, Reason.TOPICS);

    /** The client's last event id cannot be read. */
    public static final Gap UNKNOWN_ID = new Gap(null, 0, 0, Reason.UNKNOWN_ID);

    public enum Reason {
        /** Kafka deleted them because of their age or size, or an operator did. */
        RETENTION,
        /** The log became shorter: a leader without the newest records took over. */
        TRUNCATED,
        /** The topic was deleted and created anew. */
        RECREATED,
        /** The stream has other topics than before. */
        TOPICS,
        /** The last event id cannot be read. */
        UNKNOWN_ID
    }

    /** A gap at an offset that the partition does not have. */
    public static Gap outOfRange(TopicPartition partition, long from, long to) {
        return new Gap(partition, from, to, from < to ? Reason.RETENTION : Reason.TRUNCATED);
    }

    /** This gap for a client at another offset, or {@code null} if the client misses nothing. */
    public Gap from(long next) {
        boolean misses = reason == Reason.RECREATED || (reason == Reason.RETENTION ? next < to : next > to);
        return misses ? new Gap(partition, next, to, reason) : null;
    }

    /** True if the log after the gap may reuse offsets from before it. */
    public boolean restartsPartition() {
        return reason == Reason.RECREATED || reason == Reason.TRUNCATED;
    }

    /** The data of the gap's event. A topic's name needs no escaping in JSON. */
    public byte[] toJson() {
        String why = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
        String json = partition == null
                ? "{\"topic\":null,\"partition\":null,\"from\":null,\"to\":null,\"reason\":\"" + why + "\"}"
                : "{\"topic\":\"" + partition.topic() + "\",\"partition\":" + partition.partition() + ",\"from\":"
                        + from + ",\"to\":" + to + ",\"reason\":\"" + why + "\"}";
        return json.getBytes(StandardCharsets.US_ASCII);
    }
}
