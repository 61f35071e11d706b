package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import java.time.Duration;

/**
 * What a feed needs to know of the settings.
 *
 * @param windowBytes the most memory for recent frames
 * @param pollTimeout the longest wait of one poll
 * @param streamed the events that are streamed at all
 * @param topicCheck how often the brokers are asked whether the topics have changed
 */
public record FeedOptions(long windowBytes, Duration pollTimeout, EventFilter streamed, Duration topicCheck) {}
