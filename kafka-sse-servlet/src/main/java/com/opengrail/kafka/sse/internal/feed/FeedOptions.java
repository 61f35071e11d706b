package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import java.time.Duration;
import java.util.Set;

/**
 * What a feed needs to know of the settings.
 *
 * @param windowBytes the most memory for recent frames of one feed
 * @param sharedBytes the most memory for those of all feeds together, but for that of the default topics
 * @param pollTimeout the longest wait of one poll
 * @param streamed the events that are streamed at all
 * @param topicCheck how often the brokers are asked whether the topics have changed
 * @param awaited the topics that are waited for while they do not exist: those of the settings
 */
public record FeedOptions(
        long windowBytes,
        long sharedBytes,
        Duration pollTimeout,
        EventFilter streamed,
        Duration topicCheck,
        Set<String> awaited) {}
