package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import java.time.Duration;

/**
 * What the replay readers need to know of the settings.
 *
 * @param threads the number of readers
 * @param bufferSize the most records of one batch
 * @param bytes the most memory of everything that is held for replaying clients
 * @param pollTimeout the longest wait of one poll
 * @param streamed the events that are streamed at all
 * @param name with which the names of their consumers and threads begin
 */
public record ReplayOptions(
        int threads, int bufferSize, long bytes, Duration pollTimeout, EventFilter streamed, String name) {

    /** The most memory of batches: three eighths of all. Half is for segments that clients keep. */
    long cacheBytes() {
        return bytes / 2 - compressedBytes();
    }

    /** The most memory of what of the batches has been compressed. */
    long compressedBytes() {
        return bytes / 8;
    }

    /** The most that a reader fetches at once from one broker: all readers together, half of the memory. */
    int fetchBytes() {
        return (int) Math.min(Integer.MAX_VALUE, bytes / 2 / threads);
    }

    long keptBytes() {
        return bytes / 2;
    }
}
