package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import java.time.Duration;

/**
 * What the replay readers need to know of the settings.
 *
 * @param threads the number of readers
 * @param bufferSize the most events that wait for one client
 * @param cacheBytes the most memory for the batches read lately
 * @param pollTimeout the longest wait of one poll
 * @param streamed the events that are streamed at all
 * @param name with which the names of their consumers and threads begin
 */
public record ReplayOptions(
        int threads, int bufferSize, long cacheBytes, Duration pollTimeout, EventFilter streamed, String name) {}
