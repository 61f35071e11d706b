package com.opengrail.kafka.sse;

import java.util.Map;

/**
 * How old records were when their events were written to clients: the time from a record's timestamp to the write.
 *
 * <pre>{@code
 * if (engine.metrics().getLatency().getP99Millis() > 1000) {
 *     log.warn("events are late");
 * }
 * }</pre>
 *
 * <p>Only live events count: those of records that came after the feed had started and after the client had come to the
 * window of recent events. What a client gets of the past, from memory or from Kafka, is old by nature. All events of
 * one write count with the age of the first of them, which has waited longest. An event that is written to a hundred
 * clients counts a hundred times. A record without timestamp does not count, and a timestamp in the future counts as 0.
 *
 * <p>The timestamp is what the topic's {@code message.timestamp.type} says. {@code CreateTime} is the time of the
 * producer's {@code send}, by its clock, or what the application gave. {@code LogAppendTime} is the time when the
 * leader appended the record, by its clock. The time of the write is by this server's clock. So the latency includes
 * how far the two clocks differ.
 *
 * <p>Recent values are those of the last one to two minutes. They are at most a sixteenth above the true ones and never
 * below them.
 *
 * <p>Threads: safe; reading costs the streams nothing. The values of one reading need not belong to the same moment.
 */
public interface StreamLatency {

    /** {@return the latency in milliseconds that half of the recent events did not exceed; -1 if there were none} */
    long getP50Millis();

    /** {@return the latency in milliseconds that 99 of 100 recent events did not exceed; -1 if there were none} */
    long getP99Millis();

    /** {@return the greatest latency of recent events in milliseconds; -1 if there were none} */
    long getMaxMillis();

    /** {@return the live events written since the start} */
    long getEvents();

    /** {@return the latencies of all live events since the start, added up, in milliseconds: for the mean} */
    long getTotalMillis();

    /**
     * {@return the live events since the start whose latency was below a bound, by that bound in milliseconds} The
     * bounds are the powers of two from 1 ms to 65,536 ms. All are always present.
     */
    Map<Long, Long> getEventsBelowMillis();
}
