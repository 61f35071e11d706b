package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import java.time.Duration;
import java.util.Set;

/**
 * What a feed needs to know of the settings.
 *
 * @param windowBytes the most memory for recent frames
 * @param pollTimeout the longest wait of one poll
 * @param streamed the events that are streamed at all
 * @param topicCheck how often the brokers are asked whether the topics have changed
 * @param awaited the topics that are waited for while they do not exist: those of the settings
 */
public record FeedOptions(
        long windowBytes, Duration pollTimeout, EventFilter streamed, Duration topicCheck, Set<String> awaited) {}
