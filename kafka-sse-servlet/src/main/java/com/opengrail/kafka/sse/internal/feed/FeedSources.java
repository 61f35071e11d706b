package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.cursor.ClientSources;
import com.opengrail.kafka.sse.internal.cursor.Replays;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Where feeds get their records from.
 *
 * @param kafka the brokers
 * @param ofClients asks the brokers for the clients of all feeds
 * @param clientId with which the names of the feeds' consumers and threads begin
 * @param counters what is read is counted there
 * @param threads makes the feeds' threads
 * @param nanoTime measures how long something takes
 * @param clock says when something was
 */
public record FeedSources(
        KafkaSource kafka,
        ClientSources ofClients,
        String clientId,
        Counters counters,
        EngineThreads threads,
        LongSupplier nanoTime,
        InstantSource clock) {

    Replays replays() {
        return ofClients.replays();
    }
}
