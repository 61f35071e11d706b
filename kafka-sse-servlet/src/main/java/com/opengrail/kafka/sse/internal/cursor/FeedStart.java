package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.UnansweredPartitions;

/**
 * What was known when a feed's tail started.
 *
 * @param latest the end of the log then, which the tail may not have reached yet
 * @param unanswered the partitions that the tail has started without
 */
public record FeedStart(Position latest, UnansweredPartitions unanswered) {}
