/** Where a client is: offsets of all partitions of a subscription, and the event ids that stand for them. */
package com.opengrail.kafka.sse.internal.position;
