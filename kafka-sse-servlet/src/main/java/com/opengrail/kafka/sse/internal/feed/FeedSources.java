package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.source.KafkaSource;

/**
 * Where feeds get their records from.
 *
 * @param kafka for the end of the log
 * @param replays for what is behind the window
 * @param clientId with which the names of the feeds' consumers and threads begin
 */
public record FeedSources(KafkaSource kafka, Replays replays, String clientId) {}
