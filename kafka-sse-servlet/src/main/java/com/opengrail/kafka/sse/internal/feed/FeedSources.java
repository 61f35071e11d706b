package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.source.KafkaSource;

/**
 * Where feeds get their records from.
 *
 * @param kafka for the end of the log
 * @param replays for what is behind the window
 * @param clientId with which the names of the feeds' consumers and threads begin
 * @param counters what is read is counted there
 */
public record FeedSources(KafkaSource kafka, Replays replays, String clientId, Counters counters) {}
