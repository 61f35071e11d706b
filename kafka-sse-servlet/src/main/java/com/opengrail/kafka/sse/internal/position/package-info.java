/** Positions: the offsets of all partitions of a subscription, and the event ids that encode them. */
package com.opengrail.kafka.sse.internal.position;
